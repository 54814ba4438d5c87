import { z } from 'zod';
import { cv, type Mat } from './cv.ts';
import { defineOperation } from './operation.ts';
import { Scope } from './scope.ts';

/** Histogram equalisation (OpenCV `equalizeHist`). Use it on flat, low-contrast images; colour keeps its hue. */
export const equalize = defineOperation({
  name: 'equalize',
  title: 'Equalize histogram',
  group: 'colour',
  summary:
    'Spreads the brightness over the whole range, which brings out detail in flat images; colours keep their hue.',
  source: 'OpenCV equalizeHist; on colour, applied to the Y channel of YCrCb',
  alpha: 'kept',
  params: z.strictObject({}),
  run({ image, scope }) {
    const equalized = scope.mat();
    if (image.channels() === 1) {
      cv.equalizeHist(image, equalized);
      return { image: equalized };
    }
    const ycrcb = scope.mat();
    cv.cvtColor(image, ycrcb, cv.COLOR_RGB2YCrCb);
    equalizeLuma(ycrcb);
    cv.cvtColor(ycrcb, equalized, cv.COLOR_YCrCb2RGB);
    return { image: equalized };
  },
});

/** In place; the planes are gone before the next large Mat comes. */
function equalizeLuma(ycrcb: Mat): void {
  using scope = new Scope();
  const planes = scope.own(new cv.MatVector());
  cv.split(ycrcb, planes);
  const luma = scope.own(planes.get(0));
  cv.equalizeHist(luma, luma);
  planes.set(0, luma);
  cv.merge(planes, ycrcb);
}
