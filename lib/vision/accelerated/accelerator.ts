import type { Kernels } from '../../kernels/load.ts';
import { addressOf, type Cv, type Mat } from '../opencv-types.ts';

/** What a replacement has at hand. */
export interface Accelerator {
  cv: Cv;
  kernels: Kernels;
  /** Memory on OpenCV's heap for the time of `work`. */
  withScratch(bytes: number, work: (address: number) => void): void;
}

/** Whether a kernel can filter it: an image of its own, 8-bit samples, rows without gaps and of 16 bytes or more. */
export function isPlain(accelerator: Pick<Accelerator, 'cv'>, image: Mat): boolean {
  return isFlat(accelerator, image) && image.cols * image.channels() >= 16 && !isRegion(accelerator, image);
}

/** Whether a kernel can take its samples one by one: 8-bit samples, rows without gaps. */
export function isFlat({ cv }: Pick<Accelerator, 'cv'>, image: Mat): boolean {
  return image.depth() === cv.CV_8U && image.isContinuous() && image.rows > 0 && image.cols > 0;
}

/** Whether it is a part of a larger image, whose pixels OpenCV's filters read beyond its border. OpenCV's headers hold it as bit 15 of a Mat's first number. */
function isRegion({ cv }: Pick<Accelerator, 'cv'>, image: Mat): boolean {
  const { ptr } = (image as Mat & { $$: { ptr: number } }).$$;
  return (cv.HEAPU8[ptr + 1] & 0x80) !== 0;
}

/** Makes `target` as large as said, and tells whether a kernel can write it: not where it is the part of an image that has gaps between its rows. */
export function allocate(target: Mat, rows: number, cols: number, type: number): boolean {
  target.create(rows, cols, type);
  return target.isContinuous();
}

/** Whether both begin at the same place, so that a filter would read what it has written. */
export function isSame(image: Mat, target: Mat): boolean {
  return target.rows > 0 && addressOf(target) === addressOf(image);
}

/** Samples of all channels. */
export function lengthOf(image: Mat): number {
  return image.rows * image.cols * image.channels();
}

/** As C's `rint`: halves to the even number. */
export function roundToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
