import { z } from 'zod';
import { toRgb } from '../vision/channels.ts';
import { maskOfRange } from '../vision/color-range.ts';
import { count, part } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { cv } from '../vision/opencv.ts';

const sample = z.int().min(0).max(255);
const triple = z.tuple([z.int().min(0).max(360), sample, sample]);
/** OpenCV keeps hue in steps of two degrees. */
const degreesPerHue = 2;

/** Mask of the pixels between two colors (OpenCV `inRange`). Use it to pick out things by color; hue is in degrees, as everywhere. */
export const inRange = defineOperation({
  name: 'in-range',
  title: 'Color range mask',
  group: 'color',
  summary: 'Marks the pixels whose color lies between two bounds.',
  source: 'OpenCV inRange',
  result: 'data',
  params: z.strictObject({
    space: z
      .enum(['rgb', 'hsv', 'lab'])
      .default('hsv')
      .describe('what the bounds mean. hsv: hue in degrees from 0 to 360; all others from 0 to 255'),
    lower: triple
      .default([0, 60, 60])
      .describe('minimum per channel; a lower hue above the upper one wraps around through red'),
    upper: triple.default([360, 255, 255]).describe('the most of each channel'),
  }),
  measures: z.looseObject({
    foregroundPixels: count('pixels within the bounds'),
    foregroundFraction: part('all pixels'),
  }),
  run({ image, scope }, { space, lower, upper }) {
    const converted = scope.mat();
    if (space === 'rgb') toRgb(image, scope).copyTo(converted);
    else cv.cvtColor(toRgb(image, scope), converted, space === 'hsv' ? cv.COLOR_RGB2HSV : cv.COLOR_RGB2Lab);
    const wraps = space === 'hsv' && lower[0] > upper[0];
    const step = space === 'hsv' ? degreesPerHue : 1;
    const least: typeof lower = [Math.ceil(lower[0] / step), lower[1], lower[2]];
    const most: typeof upper = [Math.floor(upper[0] / step), upper[1], upper[2]];
    const { mask, pixels } = maskOfRange(converted, least, most, wraps, scope);
    return {
      image: mask,
      measurements: { foregroundPixels: pixels, foregroundFraction: pixels / (mask.rows * mask.cols) },
    };
  },
});
