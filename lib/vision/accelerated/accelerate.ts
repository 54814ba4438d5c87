/**
 * Puts our kernels in the place of OpenCV's own functions: they give the same, bit for bit, so that nobody who calls `cv` need know. What a kernel does
 * not cover (other depths, regions of larger images, other borders) goes to OpenCV as before.
 */
import type { Kernels } from '../../kernels/load.ts';
import type { Cv } from '../opencv-types.ts';
import type { Accelerator } from './accelerator.ts';
import { fastCanny } from './canny.ts';
import { fastCvtColor } from './cvt-color.ts';
import { fastGaussianBlur } from './gaussian-blur.ts';
import { fastDilate, fastErode, fastMorphologyEx } from './morphology.ts';

const replacements = {
  cvtColor: fastCvtColor,
  GaussianBlur: fastGaussianBlur,
  Canny: fastCanny,
  erode: fastErode,
  dilate: fastDilate,
  morphologyEx: fastMorphologyEx,
};

export type Accelerated = keyof typeof replacements;

/** How often the kernels did what OpenCV was asked for, by its function. */
export const uses: Record<Accelerated, number> = {
  cvtColor: 0,
  GaussianBlur: 0,
  Canny: 0,
  erode: 0,
  dilate: 0,
  morphologyEx: 0,
};

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
  const { cvtColor, GaussianBlur, Canny, erode, dilate, morphologyEx } = cv;
  const own = { cvtColor, GaussianBlur, Canny, erode, dilate, morphologyEx };
  for (const name of Object.keys(replacements) as Accelerated[]) {
    const theirs = own[name] as (...args: unknown[]) => void;
    const ours = replacements[name](accelerator) as (...args: unknown[]) => boolean;
    const replacement = (...args: unknown[]) => {
      if (ours(...args)) uses[name]++;
      else theirs.apply(cv, args);
    };
    // OpenCV's function looks for its overloads at whatever has its name.
    Object.assign(cv, { [name]: Object.assign(replacement, theirs) });
  }
  return own;
}
