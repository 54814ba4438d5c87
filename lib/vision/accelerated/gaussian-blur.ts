import type { Size } from '@techstark/opencv-js';
import { addressOf, type Mat } from '../opencv-types.ts';
import { type Accelerator, allocate, isPlain, isSame, roundToEven } from './accelerator.ts';

/** Weights are of 8 fractional bits. */
const one = 256;
/** The widest kernel whose rows are kept, in pixels. */
const maxSide = 255;

/** OpenCV's fixed weights of small kernels, from the center outwards, where no sigma is given. */
const small: Record<number, number[]> = {
  1: [1],
  3: [0.5, 0.25],
  5: [0.375, 0.25, 0.0625],
  7: [0.28125, 0.21875, 0.109375, 0.03125],
  9: [0.234375, 0.19921875, 0.1171875, 0.05078125, 0.015625],
};

/** With reflected borders, as is the default. False otherwise. */
export function fastGaussianBlur(accelerator: Accelerator) {
  const { cv, kernels, withScratch } = accelerator;
  return (
    image: Mat,
    target: Mat,
    { width, height }: Size,
    sigmaX: number,
    sigmaY = 0,
    border = cv.BORDER_DEFAULT,
  ): boolean => {
    if (border !== cv.BORDER_DEFAULT || !isPlain(accelerator, image)) return false;
    if (isSame(image, target)) return false;
    const usedY = sigmaY > 0 ? sigmaY : sigmaX;
    // OpenCV filters an image of one row or column along its length only.
    const sideX = image.cols === 1 ? 1 : sideOf(width, sigmaX);
    const sideY = image.rows === 1 ? 1 : sideOf(height, usedY);
    if (!isOdd(sideX) || !isOdd(sideY) || Math.max(sideX, sideY) > maxSide) return false;
    if (sideX === 1 && sideY === 1) return false;
    const weights = [...weightsOf(sideX, sigmaX), ...weightsOf(sideY, usedY)];
    const length = image.cols * image.channels();
    const rowBytes = roundUp(2 * length) + 16;
    const paddedBytes = roundUp(length + (sideX - 1) * image.channels() + 31);
    const weightBytes = roundUp(2 * weights.length);
    if (!allocate(target, image.rows, image.cols, image.type())) return false;
    withScratch(weightBytes + paddedBytes + sideY * (rowBytes + 4), (scratch) => {
      new Int16Array(cv.HEAPU8.buffer, scratch, weights.length).set(weights);
      kernels.gaussian(
        addressOf(image),
        addressOf(target),
        image.cols,
        image.rows,
        image.channels(),
        scratch,
        (sideX - 1) / 2,
        (sideY - 1) / 2,
        scratch + weightBytes,
      );
    });
    return true;
  };
}

function sideOf(side: number, sigma: number): number {
  return side <= 0 && sigma > 0 ? roundToEven(sigma * 3 * 2 + 1) | 1 : side;
}

/**
 * The weights from the center outwards: those of OpenCV's `getGaussianKernelBitExact`, rounded one by one with the error carried from the
 * outermost to the center (`getGaussianKernelFixedPoint_ED` in modules/imgproc/src/smooth.dispatch.cpp).
 */
function weightsOf(side: number, sigma: number): number[] {
  const radius = (side - 1) / 2;
  const exact = gaussianWeights(side, sigma);
  const weights: number[] = new Array(radius + 1);
  let error = 0;
  let sum = 0;
  for (let i = radius; i > 0; i--) {
    const wanted = exact[i] * one + error;
    weights[i] = roundToEven(wanted);
    error = wanted - weights[i];
    sum += weights[i];
  }
  weights[0] = one - 2 * sum;
  return weights;
}

/** Weights from the center outwards, which sum to 1 with those of the other side; without a sigma, one that suits the side. */
export function gaussianWeights(side: number, sigma: number): number[] {
  if (sigma <= 0 && small[side]) return small[side];
  const used = sigma > 0 ? sigma : ((side - 1) * 0.5 - 1) * 0.3 + 0.8;
  const scale = -0.5 / (used * used);
  const values = Array.from({ length: (side + 1) / 2 }, (_, i) => Math.exp(scale * i * i));
  const total = values.reduce((sum, value, i) => sum + (i === 0 ? value : 2 * value), 0);
  return values.map((value) => value / total);
}

function isOdd(side: number): boolean {
  return Number.isInteger(side) && side > 0 && side % 2 === 1;
}

function roundUp(bytes: number): number {
  return (bytes + 15) & ~15;
}
