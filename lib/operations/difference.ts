import { z } from 'zod';
import { toGray, toRgb } from '../vision/channels.ts';
import { count, grayValue, part, ratio } from '../vision/declaration/measures.ts';
import { defineOperation, type OperationInput } from '../vision/declaration/operation.ts';
import { samplesPerGray, scaleOfDifferences } from '../vision/gray-scale.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { checkSameSize } from '../vision/same-size.ts';
import { samplesOf } from '../vision/samples.ts';
import { Scope } from '../vision/scope.ts';

/** Absolute difference with PSNR and SSIM (Wang 2004). Use it to find changes, and to judge compression. */
export const difference = defineOperation({
  name: 'difference',
  title: 'Difference',
  group: 'two images',
  summary: 'Shows where two pictures differ, and measures how much: PSNR, SSIM, changed pixels.',
  source: 'Z. Wang et al., Image Quality Assessment: From Error Visibility to Structural Similarity, 2004',
  inputs: ['image', 'reference'],
  maxDepth: 16,
  params: z.strictObject({
    gain: z.number().min(1).max(50).default(1).describe('makes small differences visible'),
    tolerance: z.int().min(0).max(255).default(10).describe('difference from which a pixel counts as changed'),
  }),
  measures: z.looseObject({
    meanAbsoluteError: grayValue('mean distance of samples'),
    mse: z.number().describe('mean of squared distances').meta({ unit: 'gray value²' }),
    psnr: z.number().nullable().describe('peak signal-to-noise ratio; null for equal images').meta({ unit: 'dB' }),
    changedPixels: count('pixels that differ by more than the tolerance'),
    changedFraction: part('all pixels'),
    ssim: ratio('mean structural similarity').min(-1).max(1),
  }),
  run(input, { gain, tolerance }) {
    const { scope } = input;
    checkSameSize(input.image, input.reference);
    // Images of different depths are compared on 8 bits.
    const isDeep = input.image.elemSize1() === 2 && input.reference.elemSize1() === 2;
    const [image, reference] = isDeep ? comparable(input) : [input.shown(), input.shownReference()];
    const step = isDeep ? samplesPerGray(input.gray) : 1;
    const [a, b] = [toRgb(image, scope), toRgb(reference, scope)];
    const apart = scope.mat();
    cv.absdiff(a, b, apart);
    const [grayA, grayB] = [toGray(image, scope), toGray(reference, scope)];
    const measurements = { ...errors(apart, tolerance, step), ssim: ssim(grayA, grayB, step) };
    const shown = scope.mat();
    apart.convertTo(shown, input.image.depth(), gain);
    return { image: shown, measurements, ...(isDeep && scaleOfDifferences(input.image, input.gray)) };
  },
});

/** Two images of 16 bits in the samples of the first: those that were spread by their own ranges stand for other values. */
function comparable({ image, reference, imageValues, referenceValues, scope }: OperationInput): [Mat, Mat] {
  const { offset, factor } = imageValues;
  if (offset === referenceValues.offset && factor === referenceValues.factor) return [image, reference];
  const [a, b] = [scope.mat(), scope.mat()];
  image.convertTo(a, cv.CV_32F);
  reference.convertTo(b, cv.CV_32F, referenceValues.factor / factor, (referenceValues.offset - offset) / factor);
  return [a, b];
}

/** In gray values, of which each has `step` samples; `psnr` in dB, null for equal images. */
function errors(apart: Mat, tolerance: number, step: number) {
  const samples = apart.depth() === cv.CV_32F ? (apart.data32F as Float32Array) : samplesOf(apart);
  let [squares, absolute, changedPixels] = [0, 0, 0];
  for (let i = 0; i < samples.length; i += 3) {
    let most = 0;
    for (let c = 0; c < 3; c++) {
      const d = samples[i + c] / step;
      squares += d * d;
      absolute += d;
      if (d > most) most = d;
    }
    if (most > tolerance) changedPixels++;
  }
  const mse = squares / samples.length;
  return {
    meanAbsoluteError: absolute / samples.length,
    mse,
    psnr: mse === 0 ? null : 10 * Math.log10(255 ** 2 / mse),
    changedPixels,
    changedFraction: (3 * changedPixels) / samples.length,
  };
}

/** Stabilizing constants for 8 bits: (0.01 · 255)² and (0.03 · 255)². */
const c1 = 6.5025;
const c2 = 58.5225;

/** Mean structural similarity of two gray images, with the paper's Gaussian window of 11 pixels and σ 1.5; a gray value has `step` samples. */
function ssim(x: Mat, y: Mat, step: number): number {
  using scope = new Scope();
  const float = (image: Mat) => {
    const samples = scope.mat();
    image.convertTo(samples, cv.CV_32F, 1 / step);
    return samples;
  };
  const blurred = (image: Mat) => {
    const result = scope.mat();
    cv.GaussianBlur(image, result, new cv.Size(11, 11), 1.5, 1.5);
    return result.data32F as Float32Array;
  };
  const product = (p: Mat, q: Mat) => {
    const result = scope.mat();
    cv.multiply(p, q, result);
    return result;
  };
  const [a, b] = [float(x), float(y)];
  // Taken one after the other: the heap may grow, and views made before it grew would be dead.
  const maps = [a, b, product(a, a), product(b, b), product(a, b)].map((map) => blurred(map).slice());
  const [meanA, meanB, squareA, squareB, both] = maps;
  let sum = 0;
  for (let i = 0; i < meanA.length; i++) {
    const [ma, mb] = [meanA[i], meanB[i]];
    const variances = squareA[i] - ma * ma + squareB[i] - mb * mb;
    sum += ((2 * ma * mb + c1) * (2 * (both[i] - ma * mb) + c2)) / ((ma * ma + mb * mb + c1) * (variances + c2));
  }
  return sum / meanA.length;
}
