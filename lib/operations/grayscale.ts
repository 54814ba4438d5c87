import { z } from 'zod';
import { toGray } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';

/** Luma of BT.601 (OpenCV `cvtColor`). Use it before measuring intensities, or to drop color. */
export const grayscale = defineOperation({
  name: 'grayscale',
  title: 'Grayscale',
  group: 'color',
  summary: 'Drops the color and keeps the brightness, weighted as the eye sees it.',
  source: 'ITU-R BT.601 luma; OpenCV cvtColor',
  maxDepth: 16,
  keepsValues: true,
  alpha: 'kept',
  params: z.strictObject({}),
  halo: () => 0,
  run: ({ image, scope }) => ({ image: toGray(image, scope) }),
});
