import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { cv } from '../vision/opencv.ts';

/** Photographic negative (OpenCV `bitwise_not`). Use it to turn dark objects into bright ones, or scans of negatives into pictures. */
export const invert = defineOperation({
  name: 'invert',
  title: 'Invert',
  group: 'color',
  summary: 'Turns the picture into its negative.',
  source: 'OpenCV bitwise_not',
  maxDepth: 16,
  alpha: 'kept',
  params: z.strictObject({}),
  halo: () => 0,
  run({ image, scope }) {
    const inverted = scope.mat();
    cv.bitwise_not(image, inverted);
    return { image: inverted };
  },
});
