import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { oddSize } from '../vision/declaration/params.ts';
import { cv } from '../vision/opencv.ts';

/** Gaussian low-pass filter (OpenCV `GaussianBlur`). Use it against fine noise, or before taking derivatives. */
export const gaussianBlur = defineOperation({
  name: 'gaussian-blur',
  title: 'Gaussian blur',
  group: 'filter',
  summary: 'Smooths with a Gaussian kernel: removes fine noise and softens edges.',
  source: 'OpenCV GaussianBlur',
  maxDepth: 16,
  keepsValues: true,
  params: z.strictObject({
    kernelSize: oddSize(1, 99).default(5).describe('side of the kernel').meta({ unit: 'px' }),
    sigma: z
      .number()
      .min(0)
      .max(50)
      .default(0)
      .describe('standard deviation of the Gaussian; 0 takes it from the kernel size')
      .meta({ unit: 'px' }),
  }),
  halo: ({ kernelSize }) => kernelSize >> 1,
  run({ image, scope }, { kernelSize, sigma }) {
    const blurred = scope.mat();
    cv.GaussianBlur(image, blurred, new cv.Size(kernelSize, kernelSize), sigma, sigma);
    return { image: blurred };
  },
});
