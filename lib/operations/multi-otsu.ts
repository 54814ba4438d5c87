import { z } from 'zod';
import { grayValue, part } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { multiOtsuThresholds } from '../vision/histogram-thresholds.ts';
import { mapSamples } from '../vision/lut.ts';
import { histogramOf } from '../vision/sample-statistics.ts';

/** Several thresholds at once (Otsu 1979, Liao 2001). Use it where there are more than two kinds of things: background, tissue, nuclei. */
export const multiOtsu = defineOperation({
  name: 'multi-otsu',
  title: 'Multi-level threshold',
  group: 'threshold',
  summary: 'Parts an image into two to five classes of brightness: background, cytoplasm, nuclei. Multi-Otsu.',
  source:
    'P. Liao, T. Chen & P. Chung, A fast algorithm for multilevel thresholding, 2001; as scikit-image threshold_multiotsu',
  result: 'data',
  params: z.strictObject({
    classes: z.int().min(2).max(5).default(3).describe('number of classes; fewer where there are fewer gray values'),
    ...channelParam,
  }),
  measures: z.looseObject({
    thresholds: z.array(grayValue('the greatest sample of a class')),
    fractions: z.array(part('all pixels')).describe('of each class, the darkest first'),
  }),
  run({ image, scope }, { classes, channel }) {
    const gray = channelOf(image, channel, scope);
    const counts = histogramOf(gray);
    const thresholds = multiOtsuThresholds(counts, classes);
    const classOf = (value: number) => thresholds.filter((threshold) => value > threshold).length;
    const pixels = new Array<number>(thresholds.length + 1).fill(0);
    for (const [value, count] of counts.entries()) pixels[classOf(value)] += count;
    const step = thresholds.length > 0 ? 255 / thresholds.length : 0;
    return {
      image: mapSamples(gray, [(value) => classOf(value) * step], scope),
      measurements: { thresholds, fractions: pixels.map((count) => count / (gray.rows * gray.cols)) },
    };
  },
});
