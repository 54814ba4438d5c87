import { z } from 'zod';
import { toGray } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { gradientImage } from '../vision/gradient.ts';
import { scaleOfDifferences } from '../vision/gray-scale.ts';
import { cv } from '../vision/opencv.ts';

/** Sobel's gradient (OpenCV `Sobel`). Use it to see how strong edges are, not only where. */
export const sobel = defineOperation({
  name: 'sobel',
  title: 'Sobel gradient',
  group: 'edges',
  summary: 'Shows how strongly brightness changes, in one direction or both.',
  source: 'I. Sobel & G. Feldman, 1968; OpenCV Sobel',
  maxDepth: 16,
  params: z.strictObject({
    direction: z.enum(['x', 'y', 'both']).default('both').describe('x sees vertical edges, y horizontal ones'),
    kernelSize: z.literal([1, 3, 5, 7]).default(3).describe('side of the kernel').meta({ unit: 'px' }),
    scale: z.number().min(0.01).max(100).default(1).describe('factor on the gradient'),
  }),
  halo: ({ kernelSize }) => kernelSize,
  run({ image, gray: brightness, scope }, { direction, kernelSize, scale }) {
    const gray = toGray(image, scope);
    const derivative = (target: typeof gray, dx: number, dy: number) =>
      cv.Sobel(gray, target, cv.CV_32F, dx, dy, kernelSize, scale);
    const small = kernelSize === 3 ? { side: 1, middle: 2, scale } : undefined;
    return { image: gradientImage(gray, small, derivative, direction, scope), ...scaleOfDifferences(gray, brightness) };
  },
});
