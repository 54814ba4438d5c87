import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { mapSamples } from '../vision/lut.ts';

/** Power law. Use it to open up shadows (below 1) or deepen them (above 1) without clipping. */
export const gamma = defineOperation({
  name: 'gamma',
  title: 'Gamma',
  group: 'color',
  summary: 'Opens up shadows or deepens them; black and white stay where they are.',
  source: 'out = in ^ gamma, on samples from 0 to 1',
  maxDepth: 16,
  alpha: 'kept',
  params: z.strictObject({
    gamma: z.number().min(0.1).max(10).default(0.7).describe('below 1 brightens the shadows, above 1 darkens them'),
  }),
  halo: () => 0,
  run: ({ image, gray, scope }, { gamma }) => ({
    image: mapSamples(image, [(v) => 255 * (v / 255) ** gamma], gray, scope),
  }),
});
