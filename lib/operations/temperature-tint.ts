import { z } from 'zod';
import { toRgb } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent } from '../vision/declaration/params.ts';
import { fromLinear, toLinear } from '../vision/srgb.ts';
import { adaptation } from '../vision/white-point.ts';

/** Entries of the table from linear light back to samples: fine enough for each of 256 levels. */
const steps = 8192;

/** White balance by the light's color temperature, in linear light (Bradford's adaptation). Use it where the light is known, or to make a picture warmer. */
export const temperatureTint = defineOperation({
  name: 'temperature-tint',
  title: 'Temperature and tint',
  group: 'color',
  summary: 'Makes the light that a picture was taken in white: a higher temperature makes the picture warmer.',
  source: 'CIE 159:2004 (Bradford); M. Krystek, 1985 (Planckian locus)',
  alpha: 'kept',
  params: z.strictObject({
    temperature: z
      .number()
      .min(2000)
      .max(12_000)
      .default(6504)
      .describe(
        'color temperature of the light that becomes white: 2856 bulbs, 5003 flash, 6504 daylight, which changes nothing',
      )
      .meta({ unit: 'K' }),
    tint: percent(-100, 100)
      .default(0)
      .describe('below 0 for a purple light, which makes the picture greener; above 0 for a green one'),
  }),
  halo: () => 0,
  run({ image, scope }, { temperature, tint }) {
    if (temperature === 6504 && tint === 0) return {};
    const [[rr, rg, rb], [gr, gg, gb], [br, bg, bb]] = adaptation(temperature, tint / 100);
    const linear = Float32Array.from({ length: 256 }, (_, sample) => steps * toLinear(sample / 255));
    const encoded = Uint8Array.from({ length: steps + 1 }, (_, light) => Math.round(255 * fromLinear(light / steps)));
    const rgb = toRgb(image, scope);
    const result = scope.mat(rgb.rows, rgb.cols, rgb.type());
    const [source, target] = [rgb.data as Uint8Array, result.data as Uint8Array];
    const sampleOf = (light: number) => encoded[Math.max(0, Math.min(steps, Math.round(light)))];
    for (let i = 0; i < source.length; i += 3) {
      const [r, g, b] = [linear[source[i]], linear[source[i + 1]], linear[source[i + 2]]];
      target[i] = sampleOf(rr * r + rg * g + rb * b);
      target[i + 1] = sampleOf(gr * r + gg * g + gb * b);
      target[i + 2] = sampleOf(br * r + bg * g + bb * b);
    }
    return { image: result };
  },
});
