import { addressOf, type Mat } from '../opencv-types.ts';
import { type Accelerator, allocate, isPlain, isSame } from './accelerator.ts';

/** With an aperture of 3, on gray images. False otherwise. */
export function fastCanny(accelerator: Accelerator) {
  const { cv, kernels, withScratch } = accelerator;
  return (image: Mat, target: Mat, first: number, second: number, aperture = 3, isSquared = false): boolean => {
    if (aperture !== 3 || image.type() !== cv.CV_8UC1 || image.cols < 16 || !isPlain(accelerator, image)) return false;
    if (isSame(image, target)) return false;
    const [low, high] = [Math.min(first, second), Math.max(first, second)];
    // As OpenCV does: to the least integer that no magnitude of a pixel lies between.
    const bound = (value: number) => {
      const limited = Math.min(32767, value);
      return Math.floor(isSquared && limited > 0 ? limited * limited : value);
    };
    if (!allocate(target, image.rows, image.cols, cv.CV_8UC1)) return false;
    withScratch(kernels.cannyScratch(image.cols), (scratch) =>
      kernels.canny(
        addressOf(image),
        addressOf(target),
        image.cols,
        image.rows,
        clampToInt(bound(low)),
        clampToInt(bound(high)),
        isSquared ? 1 : 0,
        scratch,
      ),
    );
    return true;
  };
}

function clampToInt(value: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value));
}
