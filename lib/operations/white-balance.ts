import { z } from 'zod';
import { ratio } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent } from '../vision/declaration/params.ts';
import { eightBits } from '../vision/gray-scale.ts';
import { mapSamples } from '../vision/lut.ts';
import type { Mat } from '../vision/opencv.ts';
import { histogramOf, percentileOf } from '../vision/sample-statistics.ts';

/** White balance by the gray-world assumption (Buchsbaum 1980) or by the brightest samples (white patch, Land 1977). Use it against a color cast. */
export const whiteBalance = defineOperation({
  name: 'white-balance',
  title: 'White balance',
  group: 'color',
  summary: 'Takes out a color cast.',
  source: 'G. Buchsbaum, 1980 (gray world); E. Land, 1977 (white patch)',
  alpha: 'kept',
  params: z.strictObject({
    method: z
      .enum(['gray-world', 'white-patch'])
      .default('gray-world')
      .describe('make the mean gray, or the brightest white'),
    clip: percent(0, 10).default(1).describe('brightest samples that white-patch leaves out'),
  }),
  measures: z.looseObject({ gains: z.array(ratio('factor')).describe('factors of red, green and blue') }),
  run({ image, scope }, { method, clip }) {
    if (image.channels() === 1) return { measurements: { gains: [1, 1, 1] } };
    const levels =
      method === 'gray-world' ? means(image) : [0, 1, 2].map((c) => percentileOf(histogramOf(image, c), 100 - clip));
    const target = method === 'gray-world' ? (levels[0] + levels[1] + levels[2]) / 3 : 255;
    const gains = levels.map((level) => target / Math.max(1, level));
    return {
      image: mapSamples(
        image,
        gains.map((gain) => (v: number) => v * gain),
        eightBits,
        scope,
      ),
      measurements: { gains },
    };
  },
});

function means(image: Mat): number[] {
  return [0, 1, 2].map((channel) => {
    const counts = histogramOf(image, channel);
    return counts.reduce((sum, count, value) => sum + count * value, 0) / (image.rows * image.cols);
  });
}
