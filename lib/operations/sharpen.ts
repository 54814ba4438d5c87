import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent, pixels } from '../vision/declaration/params.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { Scope } from '../vision/scope.ts';

/** Unsharp mask: adds what a Gaussian blur takes away, but no halos. Use it as the last step before a picture is shown or printed. */
export const sharpen = defineOperation({
  name: 'sharpen',
  title: 'Sharpen',
  group: 'filter',
  summary:
    'Makes edges crisper with an unsharp mask, without halos. Use it as the last step before a picture is shown.',
  source: 'R. Gonzalez & R. Woods, Digital Image Processing, unsharp masking',
  maxDepth: 16,
  keepsValues: true,
  params: z.strictObject({
    amount: z.number().min(0).max(5).default(1).describe('how much of the detail is added'),
    sigma: pixels(0.3, 20).default(1.5).describe('size of the detail: standard deviation of the blur'),
    overshoot: percent(0, 100)
      .default(0)
      .describe(
        'how much is left of halos, where a sample would be brighter or darker than all around it; 100: a plain unsharp mask',
      ),
  }),
  halo: ({ sigma }) => Math.ceil(4 * sigma) + 1,
  run({ image, scope }, { amount, sigma, overshoot }) {
    const sharp = scope.mat();
    cv.GaussianBlur(image, sharp, new cv.Size(0, 0), sigma, sigma);
    cv.addWeighted(image, 1 + amount, sharp, -amount, 0, sharp);
    if (overshoot < 100) limitHalos(sharp, image, sigma, overshoot / 100);
    return { image: sharp };
  },
});

/** Brings samples back to the range that the image has around them, or so far that a part of the overshoot is left. */
function limitHalos(sharp: Mat, image: Mat, sigma: number, share: number): void {
  using scope = new Scope();
  const side = 2 * haloRadius(sigma) + 1;
  const around = scope.own(cv.Mat.ones(side, side, cv.CV_8UC1));
  const [limited, bound] = [scope.mat(), scope.mat()];
  cv.dilate(image, bound, around);
  cv.min(sharp, bound, limited);
  cv.erode(image, bound, around);
  cv.max(limited, bound, limited);
  cv.addWeighted(sharp, share, limited, 1 - share, 0, sharp);
}

/** An edge that is to become steeper finds both its sides so near. */
function haloRadius(sigma: number): number {
  return Math.ceil(sigma);
}
