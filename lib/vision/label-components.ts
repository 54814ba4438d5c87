import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

export interface LabeledComponents {
  /** CV_32S: components 1…count, background 0. */
  labels: Mat;
  count: number;
  /** Components that were smaller than wanted, and are background now. */
  dropped: number;
}

/** Numbers the connected components of a binary image that have at least `minArea` pixels. */
export function labelComponents(binary: Mat, connectivity: 4 | 8, minArea: number, outer: Scope): LabeledComponents {
  using scope = new Scope();
  const labels = outer.mat();
  const stats = scope.mat();
  const all = cv.connectedComponentsWithStats(binary, labels, stats, scope.mat(), connectivity, cv.CV_32S);
  const table = stats.data32S as Int32Array;
  const numbers = new Int32Array(all);
  let count = 0;
  for (let l = 1; l < all; l++) if (table[l * 5 + cv.CC_STAT_AREA] >= minArea) numbers[l] = ++count;
  const dropped = all - 1 - count;
  const label = labels.data32S as Int32Array;
  if (dropped > 0) for (let i = 0; i < label.length; i++) label[i] = numbers[label[i]];
  return { labels, count, dropped };
}
