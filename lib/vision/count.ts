import { addressOf, cv, kernels, type Mat } from './opencv.ts';

/** How many samples of a matrix of one channel are not zero, as OpenCV's `countNonZero`. */
export function countNonZero(image: Mat): number {
  if (!kernels || image.type() !== cv.CV_8UC1 || !image.isContinuous()) return cv.countNonZero(image);
  return kernels.countNonZero(addressOf(image), image.total());
}
