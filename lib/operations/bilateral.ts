import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { oddSize, pixels } from '../vision/declaration/params.ts';
import { samplesPerGray } from '../vision/gray-scale.ts';
import { cv } from '../vision/opencv.ts';

/** Bilateral filter (Tomasi & Manduchi 1998; OpenCV `bilateralFilter`). Use it to smooth skin or surfaces and keep edges; slow for large kernels. */
export const bilateral = defineOperation({
  name: 'bilateral',
  title: 'Bilateral filter',
  group: 'filter',
  summary: 'Smooths surfaces and keeps edges. Slow for large kernels.',
  source: 'C. Tomasi & R. Manduchi, Bilateral Filtering for Gray and Color Images, 1998; OpenCV bilateralFilter',
  maxDepth: 16,
  keepsValues: true,
  params: z.strictObject({
    kernelSize: oddSize(3, 25).default(9).describe('diameter of the neighborhood').meta({ unit: 'px' }),
    sigmaColor: z
      .number()
      .min(1)
      .max(255)
      .default(50)
      .describe('largest difference of gray values that are still averaged'),
    sigmaSpace: pixels(0.5, 50).default(5).describe('radius of the averaging'),
  }),
  halo: ({ kernelSize }) => kernelSize >> 1,
  run({ image, gray, scope }, { kernelSize, sigmaColor, sigmaSpace }) {
    const smooth = scope.mat();
    if (image.elemSize1() === 1) {
      cv.bilateralFilter(image, smooth, kernelSize, sigmaColor, sigmaSpace);
      return { image: smooth };
    }
    // OpenCV takes 8 bits or floating point.
    const float = scope.mat();
    image.convertTo(float, cv.CV_32F);
    cv.bilateralFilter(float, smooth, kernelSize, sigmaColor * samplesPerGray(gray), sigmaSpace);
    const result = scope.mat();
    smooth.convertTo(result, cv.CV_16U);
    return { image: result };
  },
});
