import { z } from 'zod';
import { scaleOf } from '../vision/binary.ts';
import { countNonZero } from '../vision/count.ts';
import { part } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { oddSize } from '../vision/declaration/params.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { thresholdLocally } from '../vision/threshold-locally.ts';

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
    const binary = thresholdLocally(gray, scaleOf(channel, gray, imageScale), { method, size, k, invert }, scope);
    const { rows, cols } = gray;
    return { image: binary, measurements: { foregroundFraction: countNonZero(binary) / (rows * cols) } };
  },
});
