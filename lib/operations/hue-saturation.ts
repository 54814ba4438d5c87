import { z } from 'zod';
import { toRgb } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent } from '../vision/declaration/params.ts';
import { eightBits } from '../vision/gray-scale.ts';
import { mapSamples } from '../vision/lut.ts';
import { cv } from '../vision/opencv.ts';

/** Change in HSV (OpenCV `cvtColor`, full-range hue). Use it to recolor, or to make colors stronger or paler. */
export const hueSaturation = defineOperation({
  name: 'hue-saturation',
  title: 'Hue and saturation',
  group: 'color',
  summary: 'Turns colors around the color wheel and makes them stronger or paler.',
  source: 'OpenCV cvtColor, HSV',
  alpha: 'kept',
  params: z.strictObject({
    hue: z.number().min(-180).max(180).default(0).describe('turn around the color wheel').meta({ unit: '°' }),
    saturation: percent(-100, 200).default(0).describe('-100 leaves gray, 100 doubles'),
    value: percent(-100, 100).default(0).describe('brightness'),
  }),
  halo: () => 0,
  run({ image, scope }, { hue, saturation, value }) {
    const hsv = scope.mat();
    cv.cvtColor(toRgb(image, scope), hsv, cv.COLOR_RGB2HSV_FULL);
    const shift = Math.round((hue / 360) * 256);
    const changed = mapSamples(
      hsv,
      [(h) => (h + shift + 256) % 256, (s) => s * (1 + saturation / 100), (v) => v * (1 + value / 100)],
      eightBits,
      scope,
    );
    const rgb = scope.mat();
    cv.cvtColor(changed, rgb, cv.COLOR_HSV2RGB_FULL);
    return { image: rgb };
  },
});
