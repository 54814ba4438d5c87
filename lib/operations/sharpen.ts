import { z } from 'zod';
import { cv } from '../vision/opencv.ts';
import { defineOperation } from './operation.ts';
import { pixels } from './params.ts';

/** Unsharp mask: adds what a Gaussian blur takes away. Use it as the last step before a picture is shown or printed. */
export const sharpen = defineOperation({
  name: 'sharpen',
  title: 'Sharpen',
  group: 'filter',
  summary: 'Makes edges crisper with an unsharp mask. Use it as the last step before a picture is shown.',
  source: 'R. Gonzalez & R. Woods, Digital Image Processing, unsharp masking',
  maxDepth: 16,
  params: z.strictObject({
    amount: z.number().min(0).max(5).default(1).describe('how much of the detail is added'),
    sigma: pixels(0.3, 20).default(1.5).describe('size of the detail: standard deviation of the blur'),
  }),
  halo: ({ sigma }) => Math.ceil(4 * sigma) + 1,
  run({ image, scope }, { amount, sigma }) {
    const sharp = scope.mat();
    cv.GaussianBlur(image, sharp, new cv.Size(0, 0), sigma, sigma);
    cv.addWeighted(image, 1 + amount, sharp, -amount, 0, sharp);
    return { image: sharp };
  },
});
