import type { Mat } from './opencv.ts';

type Place = readonly [x: number, y: number];

/** A line with round ends through points, in pixels; one point makes a disc. */
export interface Stroke {
  /** From the edges of the image, so that the center of the first pixel is at 0.5, 0.5. */
  points: readonly Place[];
  radius: number;
}

/** Sets the pixels of an 8-bit single-channel mask whose centers are within the radius of a stroke's line. */
export function drawStrokes(mask: Mat, strokes: readonly Stroke[], value: number): void {
  const pixels = mask.data as Uint8Array;
  for (const { points, radius } of strokes) {
    for (const [index, to] of points.entries()) {
      const from = points[index - 1] ?? to;
      const top = Math.max(0, Math.ceil(Math.min(from[1], to[1]) - radius - 0.5));
      const bottom = Math.min(mask.rows - 1, Math.floor(Math.max(from[1], to[1]) + radius - 0.5));
      for (let row = top; row <= bottom; row++) {
        const [left, right] = extent(from, to, radius, row + 0.5);
        const first = Math.max(0, Math.ceil(left - 0.5));
        const last = Math.min(mask.cols - 1, Math.floor(right - 0.5));
        if (first <= last) pixels.fill(value, row * mask.cols + first, row * mask.cols + last + 1);
      }
    }
  }
}

/** Where a horizontal line enters and leaves what is within the radius of a segment: two discs and the rectangle between them. */
function extent([ax, ay]: Place, [bx, by]: Place, radius: number, y: number): [left: number, right: number] {
  let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const reach = (from: number, to: number) => {
    left = Math.min(left, from);
    right = Math.max(right, to);
  };
  for (const [x, cy] of [
    [ax, ay],
    [bx, by],
  ]) {
    const square = radius ** 2 - (y - cy) ** 2;
    if (square >= 0) reach(x - Math.sqrt(square), x + Math.sqrt(square));
  }
  const length = Math.hypot(bx - ax, by - ay);
  if (length === 0) return [left, right];
  const [nx, ny] = [(-(by - ay) / length) * radius, ((bx - ax) / length) * radius];
  const corners: Place[] = [
    [ax + nx, ay + ny],
    [bx + nx, by + ny],
    [bx - nx, by - ny],
    [ax - nx, ay - ny],
  ];
  for (const [i, [x, cy]] of corners.entries()) {
    const [nextX, nextY] = corners[(i + 1) % 4];
    if (Math.min(cy, nextY) > y || Math.max(cy, nextY) < y) continue;
    const at = nextY === cy ? x : x + ((y - cy) / (nextY - cy)) * (nextX - x);
    reach(at, at);
    if (nextY === cy) reach(nextX, nextX);
  }
  return [left, right];
}
