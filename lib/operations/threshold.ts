import { z } from 'zod';
import { countNonZero } from '../vision/count.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { cv } from '../vision/opencv.ts';
import { defineOperation } from './operation.ts';

/** Global threshold: given, Otsu's (1979) or the triangle method's (Zack 1977). Use it where objects and background differ in brightness everywhere. */
export const threshold = defineOperation({
  name: 'threshold',
  title: 'Threshold',
  group: 'threshold',
  summary: 'Separates bright from dark, at a given value or at one found from the histogram.',
  source: 'N. Otsu, 1979; G. Zack, W. Rogers & S. Latt, 1977; OpenCV threshold',
  result: 'data',
  params: z.strictObject({
    method: z.enum(['otsu', 'triangle', 'value']).default('otsu').describe('method that finds the threshold'),
    value: z.number().min(0).max(255).default(128).describe('the threshold of method value: brighter is white'),
    invert: z.boolean().default(false).describe('make the dark side white'),
    ...channelParam,
  }),
  run({ image, scope }, { method, value, invert, channel }) {
    const binary = scope.mat();
    const automatic = { otsu: cv.THRESH_OTSU, triangle: cv.THRESH_TRIANGLE, value: 0 }[method];
    const type = (invert ? cv.THRESH_BINARY_INV : cv.THRESH_BINARY) + automatic;
    const used = cv.threshold(channelOf(image, channel, scope), binary, value, 255, type);
    return {
      image: binary,
      measurements: { threshold: used, foregroundFraction: countNonZero(binary) / (binary.rows * binary.cols) },
    };
  },
});
