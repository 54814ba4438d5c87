import { z } from 'zod';
import { scaleOf } from '../vision/binary.ts';
import { countNonZero } from '../vision/count.ts';
import { part } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { oddSize } from '../vision/declaration/params.ts';
import { channelOf, channelParam, samplesOf } from '../vision/gray-channel.ts';
import { localStatistics } from '../vision/local-statistics.ts';
import { cv } from '../vision/opencv.ts';

/** Half of the range of 8 bits: the greatest standard deviation that samples can have. */
const dynamicRange = 127.5;

/** Threshold by mean and contrast around each pixel (Sauvola 2000, Niblack 1986). Use it for stained paper, bleed-through, gels. */
export const localThreshold = defineOperation({
  name: 'local-threshold',
  title: 'Local threshold (Sauvola)',
  group: 'threshold',
  summary:
    'Separates bright from dark by the mean and the contrast around each pixel: old documents, stains, uneven light.',
  source:
    'J. Sauvola & M. Pietikäinen, Adaptive document image binarization, 2000; W. Niblack, 1986; as scikit-image threshold_sauvola',
  maxDepth: 16,
  result: 'data',
  params: z.strictObject({
    method: z
      .enum(['sauvola', 'niblack'])
      .default('sauvola')
      .describe('mean · (1 + k · (deviation / 127.5 − 1)), or mean − k · deviation'),
    size: oddSize(3, 999).default(25).describe('side of the surroundings').meta({ unit: 'px' }),
    k: z.number().min(-1).max(1).default(0.2).describe('how much the contrast counts'),
    invert: z.boolean().default(false).describe('make the dark side white'),
    ...channelParam,
  }),
  measures: z.looseObject({ foregroundFraction: part('all pixels that is white') }),
  run({ image, gray: imageScale, scope }, { method, size, k, invert, channel }) {
    const gray = channelOf(image, channel, scope);
    const { rows, cols } = gray;
    const binary = scope.mat(rows, cols, cv.CV_8UC1);
    const [source, target] = [samplesOf(gray), binary.data as Uint8Array];
    const { black, white } = scaleOf(channel, gray, imageScale);
    const range = (dynamicRange * (white - black)) / 255;
    const threshold =
      method === 'sauvola'
        ? (mean: number, deviation: number) => black + (mean - black) * (1 + k * (deviation / range - 1))
        : (mean: number, deviation: number) => mean - k * deviation;
    const [bright, dark] = invert ? [0, 255] : [255, 0];
    localStatistics(source, rows, cols, size, (i, mean, deviation) => {
      target[i] = source[i] > threshold(mean, deviation) ? bright : dark;
    });
    return { image: binary, measurements: { foregroundFraction: countNonZero(binary) / (rows * cols) } };
  },
});
