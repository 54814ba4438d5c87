import { addressOf, type Mat } from '../opencv-types.ts';
import { type Accelerator, allocate, isFlat, lengthOf, roundToEven } from './accelerator.ts';

/** The greatest magnitude that single precision rounds as the kernels do, shared out among factors and samples. */
const [maxFactor, maxOffset] = [2 ** 12, 2 ** 20];

type Binary = 'add' | 'subtract' | 'absdiff' | 'least' | 'greatest';

/** Two 8-bit images of the same size and type, without a mask. False otherwise. */
export function fastBinary(accelerator: Accelerator, kernel: Binary) {
  const run = accelerator.kernels[kernel];
  return (a: Mat, b: Mat, target: Mat, ...rest: unknown[]): boolean => {
    if (rest.length > 0 || !areAlike(accelerator, a, b)) return false;
    if (!allocate(target, a.rows, a.cols, a.type())) return false;
    run(addressOf(a), addressOf(b), addressOf(target), lengthOf(a));
    return true;
  };
}

/** As `fastBinary`, with a factor on the result. */
export function fastScaled(accelerator: Accelerator, kernel: 'multiply' | 'divide', maxScale: number) {
  const run = accelerator.kernels[kernel];
  return (a: Mat, b: Mat, target: Mat, scale = 1, ...rest: unknown[]): boolean => {
    // Without a factor OpenCV works in whole numbers, and with one that is 0 or none it does as it likes.
    if (rest.length > 0 || !(scale > 0 && scale < maxScale) || (kernel === 'multiply' && scale === 1)) return false;
    if (!areAlike(accelerator, a, b) || !allocate(target, a.rows, a.cols, a.type())) return false;
    run(addressOf(a), addressOf(b), addressOf(target), lengthOf(a), scale);
    return true;
  };
}

export function fastAddWeighted(accelerator: Accelerator) {
  return (a: Mat, alpha: number, b: Mat, beta: number, gamma: number, target: Mat, ...rest: unknown[]): boolean => {
    if (rest.length > 0 || !areAlike(accelerator, a, b)) return false;
    if (!(Math.max(Math.abs(alpha), Math.abs(beta)) < maxFactor && Math.abs(gamma) < maxOffset)) return false;
    if (!allocate(target, a.rows, a.cols, a.type())) return false;
    accelerator.kernels.addWeighted(addressOf(a), addressOf(b), addressOf(target), lengthOf(a), alpha, beta, gamma);
    return true;
  };
}

export function fastBitwiseNot(accelerator: Accelerator) {
  return (image: Mat, target: Mat, ...rest: unknown[]): boolean => {
    if (rest.length > 0 || !isFlat(accelerator, image)) return false;
    if (!allocate(target, image.rows, image.cols, image.type())) return false;
    accelerator.kernels.invert(addressOf(image), addressOf(target), lengthOf(image));
    return true;
  };
}

/** Of 8-bit samples by a table, of 32-bit floats by a kernel. */
export function fastConvertScaleAbs(accelerator: Accelerator) {
  const { cv, kernels, withScratch } = accelerator;
  return (image: Mat, target: Mat, scale = 1, shift = 0): boolean => {
    if (!(Math.abs(scale) < maxFactor && Math.abs(shift) < maxOffset)) return false;
    if (!image.isContinuous() || image.rows === 0) return false;
    const isFloat = image.depth() === cv.CV_32F;
    if (!isFloat && image.depth() !== cv.CV_8U) return false;
    const [from, length] = [addressOf(image), lengthOf(image)];
    if (!allocate(target, image.rows, image.cols, cv.CV_8U + ((image.channels() - 1) << 3))) return false;
    if (isFloat) {
      kernels.scaleAbs(from, addressOf(target), length, scale, shift);
      return true;
    }
    const [a, b] = [Math.fround(scale), Math.fround(shift)];
    withScratch(256, (table) => {
      const entries = cv.HEAPU8.subarray(table, table + 256);
      for (let i = 0; i < 256; i++)
        entries[i] = Math.min(255, roundToEven(Math.abs(Math.fround(Math.fround(i * a) + b))));
      kernels.lut(from, addressOf(target), length, table);
    });
    return true;
  };
}

function areAlike(accelerator: Accelerator, a: Mat, b: Mat): boolean {
  const isSameSize = a.rows === b.rows && a.cols === b.cols && a.type() === b.type();
  return isSameSize && isFlat(accelerator, a) && isFlat(accelerator, b);
}
