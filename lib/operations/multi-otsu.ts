import { z } from 'zod';
import { saidThreshold } from '../vision/binary.ts';
import { grayValue, part, sampleValue } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { multiOtsuThresholds } from '../vision/histogram-thresholds.ts';
import { cv } from '../vision/opencv.ts';
import { histogramOf, inBins } from '../vision/sample-statistics.ts';
import { samplesOf } from '../vision/samples.ts';

/** Several thresholds at once (Otsu 1979, Liao 2001). Use it where there are more than two kinds of things: background, tissue, nuclei. */
export const multiOtsu = defineOperation({
  name: 'multi-otsu',
  title: 'Multi-level threshold',
  group: 'threshold',
  summary: 'Parts an image into two to five classes of brightness: background, cytoplasm, nuclei. Multi-Otsu.',
  source:
    'P. Liao, T. Chen & P. Chung, A fast algorithm for multilevel thresholding, 2001; as scikit-image threshold_multiotsu',
  maxDepth: 16,
  result: 'data',
  params: z.strictObject({
    classes: z.int().min(2).max(5).default(3).describe('number of classes; fewer where there are fewer gray values'),
    ...channelParam,
  }),
  measures: z.looseObject({
    thresholds: z.array(grayValue('the greatest sample of a class')),
    fileThresholds: z.array(sampleValue('the greatest sample of a class')).optional(),
    fractions: z.array(part('all pixels')).describe('of each class, the darkest first'),
  }),
  run({ image, scope, ...brightness }, { classes, channel }) {
    const gray = channelOf(image, channel, scope);
    const samples = histogramOf(gray);
    const { start, width, counts } = inBins(samples);
    const found = multiOtsuThresholds(counts, classes);
    // The greatest sample of each class.
    const limits = found.map((bin) => Math.ceil(start + (bin + 1) * width) - 1);
    const classOf = (sample: number) => limits.filter((limit) => sample > limit).length;
    const pixels = new Array<number>(limits.length + 1).fill(0);
    for (const [sample, count] of samples.entries()) pixels[classOf(sample)] += count;
    const shades = pixels.map((_, k) => (limits.length > 0 ? Math.round((k * 255) / limits.length) : 0));
    const result = scope.mat(gray.rows, gray.cols, cv.CV_8UC1);
    const [source, target] = [samplesOf(gray), result.data as Uint8Array];
    const table = Uint8Array.from({ length: samples.length }, (_, sample) => shades[classOf(sample)]);
    for (let i = 0; i < target.length; i++) target[i] = table[source[i]];
    const said = limits.map((limit) => saidThreshold(limit, gray, channel, brightness));
    const fileThresholds = said.flatMap(({ fileThreshold }) => fileThreshold ?? []);
    return {
      image: result,
      measurements: {
        thresholds: said.map(({ threshold }) => threshold),
        ...(fileThresholds.length > 0 && { fileThresholds }),
        fractions: pixels.map((count) => count / (gray.rows * gray.cols)),
      },
    };
  },
});
