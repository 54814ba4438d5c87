import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent } from '../vision/declaration/params.ts';
import { mapSamples } from '../vision/lut.ts';

/** Linear change about the middle gray. Use it for pictures that are a little too dark, bright or flat. */
export const brightnessContrast = defineOperation({
  name: 'brightness-contrast',
  title: 'Brightness and contrast',
  group: 'color',
  summary: 'Makes the picture brighter or darker, flatter or crisper.',
  source: 'out = (in - 127.5) · contrast + 127.5 + brightness',
  maxDepth: 16,
  alpha: 'kept',
  params: z.strictObject({
    brightness: percent(-100, 100).default(0).describe('added to every sample, of the whole range'),
    contrast: percent(-100, 100).default(0).describe('-100 leaves plain gray, 100 doubles every difference'),
  }),
  halo: () => 0,
  run({ image, gray, scope }, { brightness, contrast }) {
    const slope = 1 + contrast / 100;
    return { image: mapSamples(image, [(v) => (v - 127.5) * slope + 127.5 + 2.55 * brightness], gray, scope) };
  },
});
