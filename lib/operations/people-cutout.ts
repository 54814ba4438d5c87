import { z } from 'zod';
import { copyOf, toRgb } from '../vision/channels.ts';
import { count, part } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { color, percent, rgbOf } from '../vision/declaration/params.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { peopleMask, peopleModels } from '../vision/people-mask.ts';
import { Scope } from '../vision/scope.ts';

/** People cut out of their background by a neural network, with the image's own edges. Use it for portraits and product shots with people. */
export const peopleCutout = defineOperation({
  name: 'people-cutout',
  title: 'Cut out people',
  group: 'segmentation',
  summary:
    'Cuts people out of their background, or blurs what is behind them. Made for people within a few meters; where nobody is detected, all is background.',
  source: 'MediaPipe Selfie Segmentation, 2021; edges: K. He & J. Sun, Fast Guided Filter, 2015',
  result: ({ background }) => (background === 'mask' ? 'data' : 'picture'),
  models: () => peopleModels,
  params: z.strictObject({
    background: z
      .enum(['transparent', 'color', 'blur', 'mask'])
      .default('transparent')
      .describe('what takes its place; mask: people white on black instead of the picture'),
    color: color().default('#ffffff').describe('of background color, #rrggbb'),
    blur: percent(0.1, 10)
      .default(1)
      .describe('of background blur: standard deviation, relative to the longer side of the image'),
    regions: z
      .enum(['confirmed', 'all'])
      .default('confirmed')
      .describe(
        'which regions are kept. confirmed: those in which a face or a standing person is detected; all: whatever the model takes for a person, also people from behind, and often animals and things',
      ),
  }),
  measures: z.looseObject({
    people: count('people who were detected in the regions that the model takes for people; 0 where there is nobody'),
    peopleFraction: part('all pixels that is kept'),
  }),
  run({ image, scope }, { background, color, blur, regions }) {
    const rgb = toRgb(image, scope);
    const { mask, count: people } = peopleMask(rgb, regions === 'confirmed', scope);
    const measurements = { people, peopleFraction: cv.mean(mask)[0] / 255 };
    switch (background) {
      case 'mask':
        return { image: mask, measurements };
      case 'transparent':
        return { image: copyOf(rgb, scope), alpha: mask, measurements };
      case 'color': {
        const plain = scope.own(new cv.Mat(rgb.rows, rgb.cols, cv.CV_8UC3, new cv.Scalar(...rgbOf(color))));
        mix(rgb, plain, mask);
        return { image: plain, measurements };
      }
      case 'blur': {
        const sigma = (blur / 100) * Math.max(rgb.cols, rgb.rows);
        const blurred = blurredBackground(rgb, mask, sigma, scope);
        mix(rgb, blurred, mask);
        return { image: blurred, measurements };
      }
    }
  },
});

/** Lays `over` on `base`, as opaque as the mask says. */
function mix(over: Mat, base: Mat, mask: Mat): void {
  const [top, bottom, opacity] = [over.data as Uint8Array, base.data as Uint8Array, mask.data as Uint8Array];
  for (let i = 0, p = 0; i < opacity.length; i++) {
    for (let c = 0; c < 3; c++, p++) bottom[p] += Math.round(((top[p] - bottom[p]) * opacity[i]) / 255);
  }
}

/** At most so many pixels of standard deviation are blurred; a wider blur is made of a smaller copy. */
const maxSigma = 8;

/** The background alone is blurred, so that no people shine through beside themselves (normalized convolution, Knutsson & Westin 1993). */
function blurredBackground(rgb: Mat, mask: Mat, sigma: number, outer: Scope): Mat {
  using scope = new Scope();
  const scale = Math.min(1, maxSigma / sigma);
  const size = new cv.Size(Math.max(1, Math.round(rgb.cols * scale)), Math.max(1, Math.round(rgb.rows * scale)));
  const [small, weight, weights] = [scope.mat(), scope.mat(), scope.mat()];
  cv.resize(rgb, small, size, 0, 0, cv.INTER_AREA);
  cv.resize(mask, weight, size, 0, 0, cv.INTER_AREA);
  // Never zero, so that there is a background also where people are all around.
  weight.convertTo(weight, cv.CV_32F, -1 / 255, 1.001);
  small.convertTo(small, cv.CV_32F);
  cv.cvtColor(weight, weights, cv.COLOR_GRAY2RGB);
  cv.multiply(small, weights, small);
  const deviation = sigma * scale;
  for (const mat of [small, weights]) cv.GaussianBlur(mat, mat, new cv.Size(0, 0), deviation, deviation);
  cv.divide(small, weights, small);
  small.convertTo(small, cv.CV_8U);
  const result = outer.mat();
  cv.resize(small, result, new cv.Size(rgb.cols, rgb.rows), 0, 0, cv.INTER_LINEAR);
  return result;
}
