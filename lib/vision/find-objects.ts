import { type BinaryOptions, type Brightness, binarize, type UsedThreshold } from './binary.ts';
import { labelComponents } from './label-components.ts';
import { cv, type Mat } from './opencv.ts';
import type { Scope } from './scope.ts';

export interface FoundObjects {
  /** CV_32S: the objects' numbers, background 0. Of a label image the numbers are those that it came with. */
  labels: Mat;
  /** The greatest number. */
  count: number;
  /** Objects that were smaller than wanted. */
  dropped: number;
  /** What was used; null for a label image, which needs none. */
  used: UsedThreshold | { threshold: null };
}

export interface FindOptions extends BinaryOptions {
  minArea: number;
  connectivity: 4 | 8;
}

/** The objects of an image by threshold and connection; of a label image, those that the step before has numbered. */
export function findObjects(
  image: Mat,
  isLabels: boolean,
  options: FindOptions,
  scope: Scope,
  brightness: Brightness,
): FoundObjects {
  if (isLabels) return { ...numbered(image, options.minArea, scope), used: { threshold: null } };
  const { binary, ...used } = binarize(image, options, scope, brightness);
  return { ...labelComponents(binary, options.connectivity, options.minArea, scope), used };
}

function numbered(image: Mat, minArea: number, scope: Scope): Omit<FoundObjects, 'used'> {
  const labels = scope.mat();
  image.convertTo(labels, cv.CV_32S);
  const label = labels.data32S as Int32Array;
  let count = 0;
  for (const l of label) if (l > count) count = l;
  const areas = new Int32Array(count + 1);
  for (const l of label) areas[l]++;
  const isSmall = areas.map((area, l) => Number(l > 0 && area > 0 && area < minArea));
  const dropped = isSmall.reduce((sum, small) => sum + small, 0);
  if (dropped > 0) for (let i = 0; i < label.length; i++) if (isSmall[label[i]]) label[i] = 0;
  return { labels, count, dropped };
}
