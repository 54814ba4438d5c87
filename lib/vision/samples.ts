import { cv, type Mat } from './opencv.ts';
import type { Scope } from './scope.ts';

/** The samples of an 8- or 16-bit image; the view holds until OpenCV's heap grows. */
export function samplesOf(image: Mat): Uint8Array | Uint16Array {
  return (image.elemSize1() === 2 ? image.data16U : image.data) as Uint8Array | Uint16Array;
}

/** The brightest sample of an 8- or 16-bit image. */
export function whiteOf(image: Mat): number {
  return image.elemSize1() === 2 ? 65_535 : 255;
}

/** A gray image of the size and depth of `image`. */
export function grayLike(image: Mat, scope: Scope): Mat {
  return scope.mat(image.rows, image.cols, image.elemSize1() === 2 ? cv.CV_16UC1 : cv.CV_8UC1);
}
