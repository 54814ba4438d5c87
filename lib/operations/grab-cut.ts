import { z } from 'zod';
import { problem } from '../problems.ts';
import { toRgb } from '../vision/channels.ts';
import { countNonZero } from '../vision/count.ts';
import { count, part } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent, strokes } from '../vision/declaration/params.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { drawStrokes } from '../vision/strokes.ts';

/** Foreground extraction (Rother 2004; OpenCV `grabCut`) from a rectangle around the object and strokes on it. Use it to cut out a product, a person, a leaf; slow on large images. */
export const grabCut = defineOperation({
  name: 'grab-cut',
  title: 'Cut out (GrabCut)',
  group: 'segmentation',
  summary:
    'Cuts an object out of its background, given a rectangle around it, and strokes where that is not enough. Slow on large pictures.',
  source: 'C. Rother, V. Kolmogorov & A. Blake, GrabCut, 2004; OpenCV grabCut',
  result: ({ output }) => (output === 'mask' ? 'data' : 'picture'),
  params: z
    .strictObject({
      left: percent(0, 99).default(5).describe('left edge of the rectangle'),
      top: percent(0, 99).default(5).describe('top edge of the rectangle'),
      width: percent(1, 100).default(90).describe('width of the rectangle'),
      height: percent(1, 100).default(90).describe('height of the rectangle'),
      foreground: strokes()
        .default([])
        .describe(
          'strokes of {points: [[x, y], …], radius} over what belongs to the object, also outside of the rectangle',
        ),
      background: strokes().default([]).describe('strokes over what does not belong to it'),
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
    .refine(({ width, height, background }) => width < 100 || height < 100 || background.length > 0, {
      path: ['width'],
      error: 'and height must leave some of the image out, or background must mark some',
    }),
  measures: z.looseObject({
    foregroundPixels: count('pixels of the foreground'),
    foregroundFraction: part('all pixels'),
  }),
  run({ image, scope }, { left, top, width, height, foreground, background, iterations, output }) {
    const rgb = toRgb(image, scope);
    const [x, y] = [Math.round((left / 100) * rgb.cols), Math.round((top / 100) * rgb.rows)];
    const right = Math.min(rgb.cols, x + Math.round((width / 100) * rgb.cols));
    const bottom = Math.min(rgb.rows, y + Math.round((height / 100) * rgb.rows));
    const mask = scope.own(new cv.Mat(rgb.rows, rgb.cols, cv.CV_8UC1, new cv.Scalar(cv.GC_BGD)));
    cv.rectangle(mask, new cv.Point(x, y), new cv.Point(right - 1, bottom - 1), new cv.Scalar(cv.GC_PR_FGD), cv.FILLED);
    drawStrokes(mask, foreground, cv.GC_FGD);
    drawStrokes(mask, background, cv.GC_BGD);
    checkBoth(mask, right - x, bottom - y);
    cv.setRNGSeed(1);
    cv.grabCut(rgb, mask, new cv.Rect(), scope.mat(), scope.mat(), iterations, cv.GC_INIT_WITH_MASK);
    // Sure and probable foreground have odd numbers (GC_FGD 1, GC_PR_FGD 3).
    const classes = mask.data as Uint8Array;
    for (let i = 0; i < classes.length; i++) classes[i] = classes[i] & 1 ? 255 : 0;
    const pixels = countNonZero(mask);
    const measurements = { foregroundPixels: pixels, foregroundFraction: pixels / classes.length };
    if (output === 'mask') return { image: mask, measurements };
    const cutout = scope.own(new cv.Mat(rgb.rows, rgb.cols, cv.CV_8UC3, new cv.Scalar(255, 255, 255)));
    rgb.copyTo(cutout, mask);
    return { image: cutout, measurements };
  },
});

/** The algorithm learns the colors of both, so that it needs some of each. */
function checkBoth(mask: Mat, width: number, height: number): void {
  if (width < 2 || height < 2) throw problem('operation-failed', 'The rectangle must be at least 2 × 2 pixels.');
  const classes = mask.data as Uint8Array;
  let object = 0;
  for (const value of classes) object += value & 1;
  if (object === 0) throw problem('operation-failed', 'The strokes of background leave nothing of the object.');
  if (object === classes.length)
    throw problem('operation-failed', 'The rectangle and the strokes must leave some of the image to the background.');
}
