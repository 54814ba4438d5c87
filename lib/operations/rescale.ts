import { z } from 'zod';
import { sampleValue } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { sixteenBits } from '../vision/gray-scale.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { interpolatedPercentile } from '../vision/sample-statistics.ts';
import { samplesOf } from '../vision/samples.ts';

/** Linear stretch between two percentiles of the samples. Use it on dim images, and on 12- or 16-bit ones that are to be looked at. */
export const rescale = defineOperation({
  name: 'rescale',
  title: 'Stretch to percentiles',
  group: 'color',
  summary:
    'Stretches the contrast between two percentiles to the whole range: dim and 12- or 16-bit images, auto contrast, normalize.',
  source: 'contrast stretching; as scikit-image rescale_intensity between numpy percentiles',
  maxDepth: 16,
  alpha: 'kept',
  params: z
    .strictObject({
      low: z.number().min(0).max(100).default(0.5).describe('percentile that becomes black').meta({ unit: '%' }),
      high: z.number().min(0).max(100).default(99.5).describe('percentile that becomes white').meta({ unit: '%' }),
      channels: z
        .enum(['together', 'each'])
        .default('together')
        .describe('each: every color by its own percentiles, which changes hues'),
      bits: z
        .enum(['input', 'eight'])
        .default('input')
        .describe('bits of the samples of the result: as the input, or eight'),
    })
    .refine(({ low, high }) => low < high, { path: ['low'], error: 'must be below high' }),
  measures: z.looseObject({
    ranges: z
      .array(
        z.object({
          black: sampleValue('value that became black'),
          white: sampleValue('value that became white'),
        }),
      )
      .describe('of all channels, or of each'),
  }),
  run({ image, imageValues: { offset, factor }, scope }, { low, high, channels, bits }) {
    const samples = samplesOf(image);
    const count = image.channels();
    const deep = image.elemSize1() === 2 && bits === 'input';
    const result = scope.mat(image.rows, image.cols, typeOf(image, deep));
    // After the result: the heap may have grown.
    const [source, target] = [samplesOf(image), samplesOf(result)];
    const step = channels === 'each' ? count : 1;
    const ranges = Array.from({ length: step }, (_, first) => {
      const counts = countsOf(source, first, step);
      return { black: interpolatedPercentile(counts, low), white: interpolatedPercentile(counts, high) };
    });
    const top = deep ? 65_535 : 255;
    const tables = ranges.map(({ black, white }) =>
      Array.from({ length: 2 ** (8 * samples.BYTES_PER_ELEMENT) }, (_, value) =>
        white > black
          ? Math.round(top * Math.min(1, Math.max(0, (value - black) / (white - black))))
          : value > black
            ? top
            : 0,
      ),
    );
    for (let i = 0; i < source.length; i++) target[i] = tables[i % step][source[i]];
    const inFile = ranges.map(({ black, white }) => ({
      black: offset + factor * black,
      white: offset + factor * white,
    }));
    return { image: result, measurements: { ranges: inFile }, scale: sixteenBits };
  },
});

function typeOf(image: Mat, deep: boolean): number {
  if (image.channels() === 1) return deep ? cv.CV_16UC1 : cv.CV_8UC1;
  return deep ? cv.CV_16UC3 : cv.CV_8UC3;
}

/** How often each value occurs, in every `step`-th sample. */
function countsOf(samples: Uint8Array | Uint16Array, first: number, step: number): Uint32Array {
  const counts = new Uint32Array(2 ** (8 * samples.BYTES_PER_ELEMENT));
  for (let i = first; i < samples.length; i += step) counts[samples[i]]++;
  return counts;
}
