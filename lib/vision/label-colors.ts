import { cv, type Mat } from './opencv.ts';
import { distinctColor } from './palette.ts';
import type { Scope } from './scope.ts';

/** Each label above 0 (CV_32S) in a color of its own, the rest black. */
export function colorLabels(labels: Mat, scope: Scope): Mat {
  const picture = scope.own(cv.Mat.zeros(labels.rows, labels.cols, cv.CV_8UC3));
  const source = labels.data32S as Int32Array;
  const target = picture.data as Uint8Array;
  for (let i = 0; i < source.length; i++) if (source[i] > 0) target.set(distinctColor(source[i]), 3 * i);
  return picture;
}
