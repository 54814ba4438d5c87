import type { Kernels } from '../../kernels/load.ts';
import type { Cv, Mat } from '../opencv-types.ts';

/** What a replacement has at hand. */
export interface Accelerator {
  cv: Cv;
  kernels: Kernels;
  /** Memory on OpenCV's heap for the time of `work`. */
  withScratch(bytes: number, work: (address: number) => void): void;
}

/** Whether a kernel can read it: 8-bit samples, rows without gaps and of 16 bytes or more. */
export function isPlain({ cv }: Accelerator, image: Mat): boolean {
  return image.depth() === cv.CV_8U && image.isContinuous() && image.cols * image.channels() >= 16 && image.rows > 0;
}
