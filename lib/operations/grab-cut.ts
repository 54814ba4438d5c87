import { z } from 'zod';
import { problem } from '../problems.ts';
import { toRgb } from '../vision/channels.ts';
import { countNonZero } from '../vision/count.ts';
import { count, part } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent } from '../vision/declaration/params.ts';
import { cv } from '../vision/opencv.ts';

/** Foreground extraction (Rother 2004; OpenCV `grabCut`) from a rectangle around the object. Use it to cut out a product, a person, a leaf; slow on large images. */
export const grabCut = defineOperation({
  name: 'grab-cut',
  title: 'Cut out (GrabCut)',
  group: 'segmentation',
  summary: 'Cuts an object out of its background, given a rectangle around it. Slow on large pictures.',
  source: 'C. Rother, V. Kolmogorov & A. Blake, GrabCut, 2004; OpenCV grabCut',
  result: ({ output }) => (output === 'mask' ? 'data' : 'picture'),
  params: z
    .strictObject({
      left: percent(0, 99).default(5).describe('left edge of the rectangle'),
      top: percent(0, 99).default(5).describe('top edge of the rectangle'),
      width: percent(1, 100).default(90).describe('width of the rectangle'),
      height: percent(1, 100).default(90).describe('height of the rectangle'),
      iterations: z.int().min(1).max(20).default(4).describe('rounds of refinement'),
      output: z.enum(['cutout', 'mask']).default('cutout').describe('the object on white, or its mask'),
    })
    .refine(({ left, width }) => left + width <= 100, {
      path: ['width'],
      error: 'must not reach beyond the right edge',
    })
    .refine(({ top, height }) => top + height <= 100, {
      path: ['height'],
      error: 'must not reach beyond the bottom edge',
    })
    .refine(({ width, height }) => width < 100 || height < 100, {
      path: ['width'],
      error: 'and height must leave some of the image out',
    }),
  measures: z.looseObject({ pixels: count('pixels of the foreground'), fraction: part('all pixels') }),
  run({ image, scope }, { left, top, width, height, iterations, output }) {
    const rgb = toRgb(image, scope);
    const [x, y] = [Math.round((left / 100) * rgb.cols), Math.round((top / 100) * rgb.rows)];
    const box = {
      x,
      y,
      width: Math.min(rgb.cols - x, Math.round((width / 100) * rgb.cols)),
      height: Math.min(rgb.rows - y, Math.round((height / 100) * rgb.rows)),
    };
    const leavesBackground = box.width * box.height < rgb.cols * rgb.rows;
    if (!leavesBackground || box.width < 2 || box.height < 2)
      throw problem('operation-failed', 'The rectangle must leave some of the image out and be at least 2 × 2 pixels.');
    const mask = scope.mat();
    const rect = new cv.Rect(box.x, box.y, box.width, box.height);
    cv.setRNGSeed(1);
    cv.grabCut(rgb, mask, rect, scope.mat(), scope.mat(), iterations, cv.GC_INIT_WITH_RECT);
    // Sure and probable foreground have odd numbers (GC_FGD 1, GC_PR_FGD 3).
    const classes = mask.data as Uint8Array;
    for (let i = 0; i < classes.length; i++) classes[i] = classes[i] & 1 ? 255 : 0;
    const pixels = countNonZero(mask);
    const measurements = { pixels, fraction: pixels / classes.length };
    if (output === 'mask') return { image: mask, measurements };
    const cutout = scope.own(new cv.Mat(rgb.rows, rgb.cols, cv.CV_8UC3, new cv.Scalar(255, 255, 255)));
    rgb.copyTo(cutout, mask);
    return { image: cutout, measurements };
  },
});
