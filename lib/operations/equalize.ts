import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { Scope } from '../vision/scope.ts';

/** Histogram equalization (OpenCV `equalizeHist`). Use it on flat, low-contrast images; color keeps its hue. */
export const equalize = defineOperation({
  name: 'equalize',
  title: 'Equalize histogram',
  group: 'color',
  summary:
    'Spreads the brightness over the whole range, which brings out detail in flat images; colors keep their hue.',
  source: 'OpenCV equalizeHist; on color, applied to the Y channel of YCrCb',
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
