/** Convex hulls of point sets, and what is measured on them. Points are x, y, x, y, … */

/** The hull's corners, clockwise in image coordinates (A. M. Andrew's monotone chain, 1979). */
export function convexHull(points: Float64Array): Float64Array {
  const count = points.length / 2;
  const order = Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => points[2 * a] - points[2 * b] || points[2 * a + 1] - points[2 * b + 1],
  );
  const half = (indices: number[]): number[] => {
    const chain: number[] = [];
    for (const i of indices) {
      while (chain.length > 1 && turn(points, chain[chain.length - 2], chain[chain.length - 1], i) <= 0) chain.pop();
      chain.push(i);
    }
    chain.pop();
    return chain;
  };
  const corners = count < 3 ? order : [...half(order), ...half(order.toReversed())];
  return Float64Array.from(corners.flatMap((i) => [points[2 * i], points[2 * i + 1]]));
}

/** Above 0 where the way from a by b to c turns clockwise in image coordinates. */
function turn(points: Float64Array, a: number, b: number, c: number): number {
  const [ax, ay] = [points[2 * a], points[2 * a + 1]];
  return (points[2 * b] - ax) * (points[2 * c + 1] - ay) - (points[2 * b + 1] - ay) * (points[2 * c] - ax);
}

/** The greatest and the least distance between two parallel lines that touch the hull on both sides (Feret's diameters). */
export function feretDiameters(hull: Float64Array): { max: number; min: number } {
  const count = hull.length / 2;
  let squared = 0;
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++)
      squared = Math.max(squared, (hull[2 * a] - hull[2 * b]) ** 2 + (hull[2 * a + 1] - hull[2 * b + 1]) ** 2);
  }
  const max = Math.sqrt(squared);
  // The least width is that along the normal of one of the sides.
  let min = max;
  for (let a = 0; a < count; a++) {
    const b = (a + 1) % count;
    const [dx, dy] = [hull[2 * b] - hull[2 * a], hull[2 * b + 1] - hull[2 * a + 1]];
    const length = Math.hypot(dx, dy);
    if (length === 0) continue;
    let width = 0;
    for (let c = 0; c < count; c++)
      width = Math.max(
        width,
        Math.abs(dx * (hull[2 * c + 1] - hull[2 * a + 1]) - dy * (hull[2 * c] - hull[2 * a])) / length,
      );
    min = Math.min(min, width);
  }
  return { max, min };
}

/** Rounding errors of a pixel's center that lies on the hull. */
const tolerance = 1e-9;

/** Of each row from `top` on, the first and last pixel whose center lies in the hull; last before first where none does. */
export function hullRows(hull: Float64Array, top: number, height: number): { first: Int32Array; last: Int32Array } {
  const low = new Float64Array(height).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(height).fill(Number.NEGATIVE_INFINITY);
  const meet = (row: number, x: number) => {
    low[row] = Math.min(low[row], x);
    high[row] = Math.max(high[row], x);
  };
  const count = hull.length / 2;
  for (let a = 0; a < count; a++) {
    const b = (a + 1) % count;
    const [ax, ay, bx, by] = [hull[2 * a], hull[2 * a + 1], hull[2 * b], hull[2 * b + 1]];
    const from = Math.max(0, Math.ceil(Math.min(ay, by)) - top);
    const to = Math.min(height - 1, Math.floor(Math.max(ay, by)) - top);
    for (let row = from; row <= to; row++) {
      if (ay === by) {
        meet(row, ax);
        meet(row, bx);
      } else meet(row, ax + ((bx - ax) * (top + row - ay)) / (by - ay));
    }
  }
  const first = Int32Array.from(low, (x, row) => (x > high[row] ? 1 : Math.ceil(x - tolerance)));
  const last = Int32Array.from(high, (x, row) => (low[row] > x ? 0 : Math.floor(x + tolerance)));
  return { first, last };
}
