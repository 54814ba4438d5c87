import type { Point, Size } from '@techstark/opencv-js';
import { addressOf, type Mat } from '../opencv-types.ts';
import { type Accelerator, allocate, isFlat, isPlain, isSame } from './accelerator.ts';
import { gaussianWeights } from './gaussian-blur.ts';

/** The tallest window whose columns are summed in 16 bits. */
const maxBoxSide = 257;
/** From so many weights on OpenCV goes by way of the Fourier transform, which rounds differently. */
const maxWeights = 49;

/** With windows of odd sides around the pixel and reflected borders, as is the default. False otherwise. */
export function fastBlur(accelerator: Accelerator) {
  const { cv } = accelerator;
  return (image: Mat, target: Mat, { width, height }: Size, anchor?: Point, border = cv.BORDER_DEFAULT): boolean => {
    if (!isCentered(anchor) || border !== cv.BORDER_DEFAULT || !isPlain(accelerator, image)) return false;
    if (!isOddSide(width) || !isOddSide(height) || isSame(image, target)) return false;
    // OpenCV averages an image of one row or column along its length only.
    const [sideX, sideY] = [image.cols === 1 ? 1 : width, image.rows === 1 ? 1 : height];
    if (!allocate(target, image.rows, image.cols, image.type())) return false;
    box(accelerator, image, target, sideX, sideY, false);
    return true;
  };
}

function isCentered(anchor: Point | undefined): boolean {
  return !anchor || (anchor.x === -1 && anchor.y === -1);
}

function isOddSide(side: number): boolean {
  return Number.isInteger(side) && side > 0 && side <= maxBoxSide && side % 2 === 1;
}

function box(
  { kernels, withScratch }: Accelerator,
  image: Mat,
  target: Mat,
  sideX: number,
  sideY: number,
  repeats: boolean,
): void {
  const { cols, rows } = image;
  const channels = image.channels();
  withScratch(kernels.boxScratch(cols, channels, sideX), (scratch) =>
    kernels.box(addressOf(image), addressOf(target), cols, rows, channels, sideX, sideY, repeats ? 1 : 0, scratch),
  );
}

/** Of gray images, binary, with windows that the kernels have. False otherwise. */
export function fastAdaptiveThreshold(accelerator: Accelerator) {
  const { cv, kernels } = accelerator;
  return (image: Mat, target: Mat, white: number, method: number, type: number, side: number, offset: number) => {
    if (image.type() !== cv.CV_8UC1 || !isPlain(accelerator, image) || isSame(image, target)) return false;
    if (white !== 255 || !isOddSide(side) || side < 7 || !(Math.abs(offset) < 2 ** 14)) return false;
    if (type !== cv.THRESH_BINARY && type !== cv.THRESH_BINARY_INV) return false;
    if (!allocate(target, image.rows, image.cols, cv.CV_8UC1)) return false;
    if (method === cv.ADAPTIVE_THRESH_MEAN_C) box(accelerator, image, target, side, side, true);
    else weightedMean(accelerator, image, target, side);
    const isPositive = type === cv.THRESH_BINARY;
    const whole = isPositive ? Math.ceil(offset) : Math.floor(offset);
    const [low, high] = isPositive ? [0, 255] : [255, 0];
    kernels.thresholdAgainst(addressOf(image), addressOf(target), image.rows * image.cols, whole, low, high);
    return true;
  };
}

function weightedMean({ cv, kernels, withScratch }: Accelerator, image: Mat, target: Mat, side: number): void {
  const { cols, rows } = image;
  const [inner, ...outer] = gaussianWeights(side, 0);
  const weightBytes = (4 * side + 15) & ~15;
  withScratch(weightBytes + kernels.weightedMeanScratch(cols, side), (scratch) => {
    new Float32Array(cv.HEAPU8.buffer, scratch, side).set([...outer.toReversed(), inner, ...outer]);
    const [from, to] = [addressOf(image), addressOf(target)];
    kernels.weightedMean(from, to, cols, rows, scratch, side, scratch + weightBytes);
  });
}

/** 8 bits to 8 bits, with a small kernel of floats around its center and reflected borders, as is the default. False otherwise. */
export function fastFilter2d(accelerator: Accelerator) {
  const { cv, kernels, withScratch } = accelerator;
  return (
    image: Mat,
    target: Mat,
    depth: number,
    kernel: Mat,
    anchor?: Point,
    offset = 0,
    border = cv.BORDER_DEFAULT,
  ): boolean => {
    if ((depth !== -1 && depth !== cv.CV_8U) || !isCentered(anchor) || border !== cv.BORDER_DEFAULT) return false;
    if (!isPlain(accelerator, image) || isSame(image, target)) return false;
    const { rows, cols } = kernel;
    if (kernel.type() !== cv.CV_32FC1 || rows * cols > maxWeights || rows % 2 === 0 || cols % 2 === 0) return false;
    const weights = Array.from(kernel.data32F as Float32Array);
    const reach = 255 * weights.reduce((sum, weight) => sum + Math.abs(weight), 0) + Math.abs(offset);
    const isWhole = reach < 32_767 && [offset, ...weights].every(Number.isInteger);
    const used = [...weights.entries()].filter(([, weight]) => weight !== 0);
    if (!allocate(target, image.rows, image.cols, image.type())) return false;
    const tapBytes = 16 * used.length;
    const channels = image.channels();
    withScratch(tapBytes + kernels.filter2dScratch(image.cols, channels, cols, rows), (scratch) => {
      const [integers, floats] = [
        new Int32Array(cv.HEAPU8.buffer, scratch, 4 * used.length),
        new Float32Array(cv.HEAPU8.buffer, scratch, 4 * used.length),
      ];
      for (const [i, [at, weight]] of used.entries()) {
        integers[4 * i] = at % cols;
        integers[4 * i + 1] = Math.floor(at / cols);
        if (isWhole) integers[4 * i + 2] = weight;
        else floats[4 * i + 2] = weight;
      }
      kernels.filter2d(
        ...([addressOf(image), addressOf(target), image.cols, image.rows, channels] as const),
        ...([scratch, used.length, cols, rows, isWhole ? 1 : 0, offset, scratch + tapBytes] as const),
      );
    });
    return true;
  };
}

/** A 3 × 3 matrix of floats on three channels. False otherwise. */
export function fastTransform(accelerator: Accelerator) {
  const { cv, kernels } = accelerator;
  return (image: Mat, target: Mat, matrix: Mat): boolean => {
    if (image.type() !== cv.CV_8UC3 || !isFlat(accelerator, image) || isSame(image, target)) return false;
    if (matrix.type() !== cv.CV_32FC1 || matrix.rows !== 3 || matrix.cols !== 3) return false;
    if (!(matrix.data32F as Float32Array).every((weight) => Math.abs(weight) < 2 ** 12)) return false;
    if (!allocate(target, image.rows, image.cols, image.type())) return false;
    kernels.transform3(addressOf(image), addressOf(target), image.rows * image.cols, addressOf(matrix));
    return true;
  };
}
