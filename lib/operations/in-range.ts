import { z } from 'zod';
import { toRgb } from '../vision/channels.ts';
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
    const mask = scope.mat(image.rows, image.cols, cv.CV_8UC1);
    const source = converted.data as Uint8Array;
    const target = mask.data as Uint8Array;
    const wraps = space === 'hsv' && lower[0] > upper[0];
    const step = space === 'hsv' ? degreesPerHue : 1;
    let pixels = 0;
    for (let i = 0, p = 0; i < target.length; i++, p += 3) {
      const first = source[p] * step;
      const hit = wraps ? first >= lower[0] || first <= upper[0] : first >= lower[0] && first <= upper[0];
      const second = source[p + 1] >= lower[1] && source[p + 1] <= upper[1];
      const third = source[p + 2] >= lower[2] && source[p + 2] <= upper[2];
      target[i] = hit && second && third ? 255 : 0;
      if (target[i]) pixels++;
    }
    return { image: mask, measurements: { foregroundPixels: pixels, foregroundFraction: pixels / target.length } };
  },
});
