import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { reconstruct } from '../vision/reconstruct.ts';
import { samplesOf } from '../vision/samples.ts';
import type { Scope } from '../vision/scope.ts';

/** Opening or closing by reconstruction (Vincent 1993). Use it to be rid of small things while all others keep their outlines. */
export const openByReconstruction = defineOperation({
  name: 'open-by-reconstruction',
  title: 'Opening by reconstruction',
  group: 'morphology',
  summary: 'Removes details smaller than the kernel, and leaves the outlines of all others as they are.',
  source: 'L. Vincent, Morphological grayscale reconstruction in image analysis, 1993; OpenCV erode',
  maxDepth: 16,
  keepsValues: true,
  result: 'data',
  params: z.strictObject({
    type: z.enum(['opening', 'closing']).default('opening').describe('removes bright details, or fills dark ones'),
    kernelSize: z
      .int()
      .min(2)
      .max(199)
      .default(9)
      .describe('width of the disc that fits into what stays')
      .meta({ unit: 'px' }),
    ...channelParam,
  }),
  run({ image, scope }, { type, kernelSize, channel }) {
    const gray = channelOf(image, channel, scope);
    if (type === 'opening') return { image: opened(gray, kernelSize, scope) };
    const negative = scope.mat();
    cv.bitwise_not(gray, negative);
    const closed = opened(negative, kernelSize, scope);
    cv.bitwise_not(closed, closed);
    return { image: closed };
  },
});

function opened(gray: Mat, kernelSize: number, scope: Scope): Mat {
  const element = scope.own(cv.getStructuringElement(cv.MORPH_ELLIPSE, new cv.Size(kernelSize, kernelSize)));
  const result = scope.mat();
  cv.erode(gray, result, element);
  const grown = reconstruct(samplesOf(result), samplesOf(gray), gray.rows, gray.cols, 8);
  samplesOf(result).set(grown);
  return result;
}
