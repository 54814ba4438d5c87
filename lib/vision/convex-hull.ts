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
  let max = 0;
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++)
      max = Math.max(max, Math.hypot(hull[2 * a] - hull[2 * b], hull[2 * a + 1] - hull[2 * b + 1]));
  }
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
  const first = new Int32Array(height).fill(1);
  const last = new Int32Array(height).fill(0);
  const count = hull.length / 2;
  for (let row = 0; row < height; row++) {
    const y = top + row;
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let a = 0; a < count; a++) {
      const b = (a + 1) % count;
      const [ax, ay, bx, by] = [hull[2 * a], hull[2 * a + 1], hull[2 * b], hull[2 * b + 1]];
      if (Math.min(ay, by) > y || Math.max(ay, by) < y) continue;
      const crossings = ay === by ? [ax, bx] : [ax + ((bx - ax) * (y - ay)) / (by - ay)];
      low = Math.min(low, ...crossings);
      high = Math.max(high, ...crossings);
    }
    if (low > high) continue;
    first[row] = Math.ceil(low - tolerance);
    last[row] = Math.floor(high + tolerance);
  }
  return { first, last };
}
