import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { oddSize, pixels } from '../vision/declaration/params.ts';
import { cv } from '../vision/opencv.ts';

/** Bilateral filter (Tomasi & Manduchi 1998; OpenCV `bilateralFilter`). Use it to smooth skin or surfaces and keep edges; slow for large kernels. */
export const bilateral = defineOperation({
  name: 'bilateral',
  title: 'Bilateral filter',
  group: 'filter',
  summary: 'Smooths surfaces and keeps edges. Slow for large kernels.',
  source: 'C. Tomasi & R. Manduchi, Bilateral Filtering for Gray and Color Images, 1998; OpenCV bilateralFilter',
  params: z.strictObject({
    kernelSize: oddSize(3, 25).default(9).describe('diameter of the neighborhood').meta({ unit: 'px' }),
    sigmaColor: z
      .number()
      .min(1)
      .max(255)
      .default(50)
      .describe('largest difference of samples that are still averaged'),
    sigmaSpace: pixels(0.5, 50).default(5).describe('radius of the averaging'),
  }),
  halo: ({ kernelSize }) => kernelSize >> 1,
  run({ image, scope }, { kernelSize, sigmaColor, sigmaSpace }) {
    const smooth = scope.mat();
    cv.bilateralFilter(image, smooth, kernelSize, sigmaColor, sigmaSpace);
    return { image: smooth };
  },
});
