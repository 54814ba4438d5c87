import { z } from 'zod';
import { countNonZero } from '../vision/count.ts';
import { part } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { oddSize } from '../vision/declaration/params.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { cv } from '../vision/opencv.ts';

/** Threshold against the mean around each pixel (OpenCV `adaptiveThreshold`). Use it for text and uneven light. */
export const adaptiveThreshold = defineOperation({
  name: 'adaptive-threshold',
  title: 'Adaptive threshold',
  group: 'threshold',
  summary:
    'Separates bright from dark by comparing each pixel with its surroundings. Use it for text and uneven light.',
  source: 'OpenCV adaptiveThreshold',
  result: 'data',
  params: z.strictObject({
    method: z.enum(['gaussian', 'mean']).default('gaussian').describe('how the surroundings are weighted'),
    blockSize: oddSize(3, 999).default(31).describe('side of the surroundings').meta({ unit: 'px' }),
    offset: z.number().min(-128).max(128).default(10).describe('how much darker than its surroundings black must be'),
    invert: z.boolean().default(false).describe('make the dark side white'),
    ...channelParam,
  }),
  measures: z.looseObject({ foregroundFraction: part('all pixels that is white') }),
  run({ image, scope }, { method, blockSize, offset, invert, channel }) {
    const binary = scope.mat();
    const weights = method === 'gaussian' ? cv.ADAPTIVE_THRESH_GAUSSIAN_C : cv.ADAPTIVE_THRESH_MEAN_C;
    const type = invert ? cv.THRESH_BINARY_INV : cv.THRESH_BINARY;
    cv.adaptiveThreshold(channelOf(image, channel, scope), binary, 255, weights, type, blockSize, offset);
    return {
      image: binary,
      measurements: { foregroundFraction: countNonZero(binary) / (binary.rows * binary.cols) },
    };
  },
});
