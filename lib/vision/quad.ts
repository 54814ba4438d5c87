import type { Point } from './homography.ts';
import type { Mat } from './opencv.ts';

/** The corners of the `index`-th quadrilateral in a Mat of CV_32FC2, four points each. */
export function quadAt(points: Mat, index: number): Point[] {
  const values = points.data32F as Float32Array;
  return [0, 1, 2, 3].map((corner) => ({ x: values[8 * index + 2 * corner], y: values[8 * index + 2 * corner + 1] }));
}
