import { z } from 'zod';
import { scaleOf } from '../vision/binary.ts';
import { countNonZero } from '../vision/count.ts';
import { part } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { oddSize } from '../vision/declaration/params.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { samplesPerGray } from '../vision/gray-scale.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import type { Scope } from '../vision/scope.ts';

/** Threshold against the mean around each pixel (OpenCV `adaptiveThreshold`). Use it for text and uneven light. */
export const adaptiveThreshold = defineOperation({
  name: 'adaptive-threshold',
  title: 'Adaptive threshold',
  group: 'threshold',
  summary:
    'Separates bright from dark by comparing each pixel with its surroundings. Use it for text and uneven light.',
  source: 'OpenCV adaptiveThreshold',
  maxDepth: 16,
  result: 'data',
  params: z.strictObject({
    method: z.enum(['gaussian', 'mean']).default('gaussian').describe('how the surroundings are weighted'),
    blockSize: oddSize(3, 999).default(31).describe('side of the surroundings').meta({ unit: 'px' }),
    offset: z.number().min(-128).max(128).default(10).describe('how much darker than its surroundings black must be'),
    invert: z.boolean().default(false).describe('make the dark side white'),
    ...channelParam,
  }),
  measures: z.looseObject({ foregroundFraction: part('all pixels that is white') }),
  run({ image, gray: imageScale, scope }, { method, blockSize, offset, invert, channel }) {
    const gray = channelOf(image, channel, scope);
    const isDeep = gray.elemSize1() === 2;
    const binary = isDeep
      ? againstMean(
          gray,
          { method, blockSize, offset: offset * samplesPerGray(scaleOf(channel, gray, imageScale)) },
          scope,
        )
      : scope.mat();
    const weights = method === 'gaussian' ? cv.ADAPTIVE_THRESH_GAUSSIAN_C : cv.ADAPTIVE_THRESH_MEAN_C;
    if (!isDeep) cv.adaptiveThreshold(gray, binary, 255, weights, cv.THRESH_BINARY, blockSize, offset);
    if (invert) cv.bitwise_not(binary, binary);
    return {
      image: binary,
      measurements: { foregroundFraction: countNonZero(binary) / (binary.rows * binary.cols) },
    };
  },
});

/** As OpenCV's function, which takes 8 bits only. */
function againstMean(
  gray: Mat,
  { method, blockSize, offset }: { method: 'gaussian' | 'mean'; blockSize: number; offset: number },
  scope: Scope,
): Mat {
  const [float, mean] = [scope.mat(), scope.mat()];
  gray.convertTo(float, cv.CV_32F);
  const size = new cv.Size(blockSize, blockSize);
  const border = cv.BORDER_REPLICATE;
  if (method === 'gaussian') cv.GaussianBlur(float, mean, size, 0, 0, border);
  else cv.blur(float, mean, size, new cv.Point(-1, -1), border);
  const binary = scope.mat(gray.rows, gray.cols, cv.CV_8UC1);
  const [samples, means] = [float.data32F as Float32Array, mean.data32F as Float32Array];
  const target = binary.data as Uint8Array;
  for (let i = 0; i < target.length; i++) target[i] = samples[i] > means[i] - offset ? 255 : 0;
  return binary;
}
