import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { mapSamples } from '../vision/lut.ts';
import { monotoneCurve } from '../vision/monotone-curve.ts';

const level = z.number().min(0).max(255);

/** A tone curve through points, monotone between them (Fritsch & Carlson 1980). Use it to set contrast where a picture needs it. */
export const curves = defineOperation({
  name: 'curves',
  title: 'Curves',
  group: 'color',
  summary: 'Changes brightness and contrast along a curve through points of your choice.',
  source: 'F. Fritsch & R. Carlson, Monotone piecewise cubic interpolation, 1980',
  maxDepth: 16,
  alpha: 'kept',
  params: z.strictObject({
    points: z
      .array(z.tuple([level, level]))
      .min(2)
      .max(16)
      .refine((points) => points.every(([x], i) => i === 0 || x > points[i - 1][0]), {
        error: 'must have rising input levels',
      })
      .default([
        [0, 0],
        [64, 52],
        [192, 204],
        [255, 255],
      ])
      .describe(
        '[input, output] levels from 0 to 255, by rising input; before the first and after the last the curve is level',
      ),
    channel: z.enum(['all', 'red', 'green', 'blue']).default('all').describe('what is changed; gray has one channel'),
  }),
  halo: () => 0,
  run({ image, gray, scope }, { points, channel }) {
    const curve = monotoneCurve(points);
    const changed = ['red', 'green', 'blue'].map((name) => channel === 'all' || channel === name);
    const isGray = image.channels() === 1;
    const maps = (isGray ? [true] : changed).map((has) => (has ? curve : (sample: number) => sample));
    return { image: mapSamples(image, maps, gray, scope) };
  },
});
