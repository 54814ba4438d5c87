import { z } from 'zod';
import { toGray } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { laplacianImage } from '../vision/gradient.ts';
import { samplesPerGray, scaleOfDifferences } from '../vision/gray-scale.ts';

/** Laplacian (OpenCV `Laplacian`) and its variance, a measure of focus (Pech-Pacheco 2000). Use it to find blurred pictures. */
export const laplacian = defineOperation({
  name: 'laplacian',
  title: 'Laplacian',
  group: 'edges',
  summary: 'Shows fine detail in all directions; its variance tells sharp pictures from blurred ones.',
  source: 'OpenCV Laplacian; J. Pech-Pacheco et al., variance of Laplacian as focus measure, 2000',
  maxDepth: 16,
  params: z.strictObject({
    kernelSize: z.literal([1, 3, 5, 7]).default(3).describe('side of the kernel').meta({ unit: 'px' }),
    scale: z
      .number()
      .min(0.01)
      .max(100)
      .default(1)
      .describe('factor on the result; the variance is of the unscaled one'),
  }),
  measures: z.looseObject({
    variance: z.number().describe('of the second derivative: higher is sharper').meta({ unit: 'gray value²' }),
  }),
  run({ image, gray, scope }, { kernelSize, scale }) {
    const { image: result, variance } = laplacianImage(toGray(image, scope), kernelSize, scale, scope);
    const measurements = { variance: variance / samplesPerGray(gray) ** 2 };
    return { image: result, measurements, ...scaleOfDifferences(image, gray) };
  },
});
