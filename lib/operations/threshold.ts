import { z } from 'zod';
import { countNonZero } from '../vision/count.ts';
import { part, usedThreshold } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { liThreshold, yenThreshold } from '../vision/histogram-thresholds.ts';
import { cv } from '../vision/opencv.ts';
import { histogramOf } from '../vision/sample-statistics.ts';

/** Global threshold: given, or by one of four methods. Use it where objects and background differ in brightness everywhere. */
export const threshold = defineOperation({
  name: 'threshold',
  title: 'Threshold',
  group: 'threshold',
  summary: 'Separates bright from dark, at a given value or at one found from the histogram: Otsu, triangle, Li, Yen.',
  source:
    'N. Otsu, 1979; G. Zack, W. Rogers & S. Latt, 1977; C. Li & P. Tam, 1998; J. Yen, F. Chang & S. Chang, 1995; OpenCV threshold',
  result: 'data',
  params: z.strictObject({
    method: z
      .enum(['otsu', 'triangle', 'li', 'yen', 'value'])
      .default('otsu')
      .describe('triangle, li: few or faint objects; yen: few bright ones; value: as given'),
    value: z.number().min(0).max(255).default(128).describe('the threshold of method value: brighter is white'),
    invert: z.boolean().default(false).describe('make the dark side white'),
    ...channelParam,
  }),
  measures: z.looseObject({ threshold: usedThreshold, foregroundFraction: part('all pixels that is white') }),
  run({ image, scope }, { method, value, invert, channel }) {
    const gray = channelOf(image, channel, scope);
    const binary = scope.mat();
    const automatic = { otsu: cv.THRESH_OTSU, triangle: cv.THRESH_TRIANGLE, li: 0, yen: 0, value: 0 }[method];
    const type = (invert ? cv.THRESH_BINARY_INV : cv.THRESH_BINARY) + automatic;
    const given = { otsu: () => 0, triangle: () => 0, li: liThreshold, yen: yenThreshold, value: () => value }[method];
    const wanted = given(histogramOf(gray));
    const used = cv.threshold(gray, binary, wanted, 255, type);
    return {
      image: binary,
      measurements: {
        threshold: automatic ? used : wanted,
        foregroundFraction: countNonZero(binary) / (binary.rows * binary.cols),
      },
    };
  },
});
