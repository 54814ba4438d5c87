import { z } from 'zod';
import { toGray } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { gradientImage } from '../vision/gradient.ts';
import { scaleOfDifferences } from '../vision/gray-scale.ts';
import { cv } from '../vision/opencv.ts';

/** Scharr's gradient (OpenCV `Scharr`): more exact than Sobel's at oblique edges, at the same cost. */
export const scharr = defineOperation({
  name: 'scharr',
  title: 'Scharr gradient',
  group: 'edges',
  summary: 'Like the Sobel gradient, but more accurate at oblique edges.',
  source: 'H. Scharr, Optimale Operatoren in der digitalen Bildverarbeitung, 2000; OpenCV Scharr',
  maxDepth: 16,
  params: z.strictObject({
    direction: z.enum(['x', 'y', 'both']).default('both').describe('x sees vertical edges, y horizontal ones'),
    scale: z.number().min(0.01).max(100).default(0.25).describe('factor on the gradient'),
  }),
  halo: () => 1,
  run({ image, gray: brightness, scope }, { direction, scale }) {
    const gray = toGray(image, scope);
    const derivative = (target: typeof gray, dx: number, dy: number) =>
      cv.Scharr(gray, target, cv.CV_32F, dx, dy, scale);
    return {
      image: gradientImage(gray, { side: 3, middle: 10, scale }, derivative, direction, scope),
      ...scaleOfDifferences(gray, brightness),
    };
  },
});
