import { z } from 'zod';
import { equalizeLocally } from '../vision/clahe.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { sixteenBits } from '../vision/gray-scale.ts';
import { onLightness } from '../vision/lightness.ts';

/** Contrast limited adaptive histogram equalization (Zuiderveld 1994; OpenCV `CLAHE`). Use it on X-rays, fog and back-lit scenes. */
export const clahe = defineOperation({
  name: 'clahe',
  title: 'Local contrast (CLAHE)',
  group: 'color',
  summary: 'Brings out local contrast without blowing up noise: X-rays, fog, back-lit scenes.',
  source: 'K. Zuiderveld, Contrast Limited Adaptive Histogram Equalization, 1994; OpenCV CLAHE',
  maxDepth: 16,
  alpha: 'kept',
  params: z.strictObject({
    clipLimit: z.number().min(1).max(40).default(2).describe('how much contrast may grow'),
    tiles: z.int().min(1).max(64).default(8).describe('tiles along each side'),
  }),
  run: ({ image, scope }, { clipLimit, tiles }) => ({
    image: onLightness(image, (lightness) => equalizeLocally(lightness, clipLimit, tiles, scope), scope),
    ...(image.elemSize1() === 2 && { scale: sixteenBits }),
  }),
});
