import { z } from 'zod';
import { toRgb } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent } from '../vision/declaration/params.ts';
import { cv, type Mat } from '../vision/opencv.ts';

/** Mixes two images (OpenCV `addWeighted`, W3C blend modes). Use it for overlays and before-and-after pictures. */
export const blend = defineOperation({
  name: 'blend',
  title: 'Blend',
  group: 'two images',
  summary: 'Mixes two pictures; the second is stretched to the size of the first.',
  source: 'W3C Compositing and Blending; OpenCV addWeighted, multiply',
  inputs: ['image', 'reference'],
  params: z.strictObject({
    mode: z
      .enum(['normal', 'multiply', 'screen', 'lighten', 'darken'])
      .default('normal')
      .describe('how samples are combined'),
    opacity: percent(0, 100).default(50).describe('opacity of the second picture'),
  }),
  run({ image, reference, scope }, { mode, opacity }) {
    const base = toRgb(image, scope);
    const top = scope.mat();
    cv.resize(toRgb(reference, scope), top, new cv.Size(base.cols, base.rows), 0, 0, cv.INTER_AREA);
    if (mode === 'lighten') cv.max(base, top, top);
    else if (mode === 'darken') cv.min(base, top, top);
    else if (mode !== 'normal') combine(base, top, products[mode]);
    const result = scope.mat();
    cv.addWeighted(base, 1 - opacity / 100, top, opacity / 100, 0, result);
    return { image: result };
  },
});

/** In place of the upper picture. */
function combine(base: Mat, top: Mat, product: (base: number, top: number) => number): void {
  const [a, b] = [base.data as Uint8Array, top.data as Uint8Array];
  for (let i = 0; i < b.length; i++) b[i] = product(a[i], b[i]);
}

const products = {
  multiply: (base: number, top: number) => (base * top) / 255,
  screen: (base: number, top: number) => 255 - ((255 - base) * (255 - top)) / 255,
};
