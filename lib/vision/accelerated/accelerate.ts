/**
 * Puts our kernels in the place of OpenCV's own functions: they give the same, bit for bit, so that nobody who calls `cv` need know. What a kernel does
 * not cover (other depths, regions of larger images, other borders) goes to OpenCV as before.
 */
import type { Kernels } from '../../kernels/load.ts';
import type { Cv } from '../opencv-types.ts';
import type { Accelerator } from './accelerator.ts';
import { fastAddWeighted, fastBinary, fastBitwiseNot, fastConvertScaleAbs, fastScaled } from './arithmetic.ts';
import { fastCanny } from './canny.ts';
import { fastCvtColor } from './cvt-color.ts';
import { fastGaussianBlur } from './gaussian-blur.ts';
import { fastAdaptiveThreshold, fastBlur, fastFilter2d, fastTransform } from './linear-filters.ts';
import { fastEqualizeHist, fastLut } from './lut.ts';
import { fastDilate, fastErode, fastMorphologyEx } from './morphology.ts';
import { fastResize } from './resize.ts';
import { fastThreshold } from './threshold.ts';

/** Each gives false or undefined where its kernel does not apply, and else what OpenCV's function gives, or true where that gives nothing. */
const replacements = {
  add: (accelerator: Accelerator) => fastBinary(accelerator, 'add'),
  subtract: (accelerator: Accelerator) => fastBinary(accelerator, 'subtract'),
  absdiff: (accelerator: Accelerator) => fastBinary(accelerator, 'absdiff'),
  min: (accelerator: Accelerator) => fastBinary(accelerator, 'least'),
  max: (accelerator: Accelerator) => fastBinary(accelerator, 'greatest'),
  multiply: (accelerator: Accelerator) => fastScaled(accelerator, 'multiply', 32),
  divide: (accelerator: Accelerator) => fastScaled(accelerator, 'divide', 2 ** 13),
  addWeighted: fastAddWeighted,
  bitwise_not: fastBitwiseNot,
  convertScaleAbs: fastConvertScaleAbs,
  LUT: fastLut,
  equalizeHist: fastEqualizeHist,
  threshold: fastThreshold,
  adaptiveThreshold: fastAdaptiveThreshold,
  blur: fastBlur,
  filter2D: fastFilter2d,
  transform: fastTransform,
  resize: fastResize,
  cvtColor: fastCvtColor,
  GaussianBlur: fastGaussianBlur,
  Canny: fastCanny,
  erode: fastErode,
  dilate: fastDilate,
  morphologyEx: fastMorphologyEx,
};

export type Accelerated = keyof typeof replacements;

const names = Object.keys(replacements) as Accelerated[];

/** How often the kernels did what OpenCV was asked for, by its function. */
export const uses = Object.fromEntries(names.map((name) => [name, 0])) as Record<Accelerated, number>;

/** Replaces functions of `cv`. Gives OpenCV's own. */
export function accelerate(cv: Cv, kernels: Kernels): Pick<Cv, Accelerated> {
  const accelerator: Accelerator = {
    cv,
    kernels,
    withScratch: (bytes, work) => {
      const scratch = new cv.Mat(1, bytes, cv.CV_8UC1);
      try {
        work(scratch.data.byteOffset);
      } finally {
        scratch.delete();
      }
    },
  };
  const own = Object.fromEntries(names.map((name) => [name, cv[name]])) as Pick<Cv, Accelerated>;
  for (const name of names) {
    const theirs = own[name] as (...args: unknown[]) => unknown;
    const ours = replacements[name](accelerator) as (...args: unknown[]) => unknown;
    const replacement = (...args: unknown[]) => {
      const given = ours(...args);
      if (given === undefined || given === false) return theirs.apply(cv, args);
      uses[name]++;
      return given === true ? undefined : given;
    };
    // OpenCV's function looks for its overloads at whatever has its name.
    Object.assign(cv, { [name]: Object.assign(replacement, theirs) });
  }
  return own;
}
