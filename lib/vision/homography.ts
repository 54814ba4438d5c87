export interface Point {
  x: number;
  y: number;
}

/** A 3 × 3 projective map, row by row. */
export type Homography = [number, number, number, number, number, number, number, number, number];

export function mapPoint(h: Homography, { x, y }: Point): Point {
  const w = h[6] * x + h[7] * y + h[8];
  return { x: (h[0] * x + h[1] * y + h[2]) / w, y: (h[3] * x + h[4] * y + h[5]) / w };
}

/** Mean distance of the pairs, in the points' unit. */
export function meanDistance(pairs: readonly (readonly [Point, Point])[]): number {
  const sum = pairs.reduce((total, [p, q]) => total + Math.hypot(p.x - q.x, p.y - q.y), 0);
  return sum / pairs.length;
}
