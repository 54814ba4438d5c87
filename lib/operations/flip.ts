import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { cv } from '../vision/opencv.ts';

/** Mirror image (OpenCV `flip`). Use it for mirrored scans, and to multiply training images. */
export const flip = defineOperation({
  name: 'flip',
  title: 'Flip',
  group: 'geometry',
  summary: 'Mirrors the picture.',
  source: 'OpenCV flip',
  maxDepth: 16,
  keepsValues: true,
  takesLabels: true,
  alpha: 'transformed',
  params: z.strictObject({
    direction: z
      .enum(['horizontal', 'vertical', 'both'])
      .default('horizontal')
      .describe('horizontal swaps left and right'),
  }),
  run({ image, scope }, { direction }) {
    const flipped = scope.mat();
    cv.flip(image, flipped, { horizontal: 1, vertical: 0, both: -1 }[direction]);
    return { image: flipped };
  },
});
