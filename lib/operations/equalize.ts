import { z } from 'zod';
import { equalizedValues } from '../vision/accelerated/lut.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { eightBits, sixteenBits } from '../vision/gray-scale.ts';
import { onLightness } from '../vision/lightness.ts';
import { mapSamples } from '../vision/lut.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { histogramOf } from '../vision/sample-statistics.ts';
import type { Scope } from '../vision/scope.ts';

/** Histogram equalization (OpenCV `equalizeHist`). Use it on flat, low-contrast images; color keeps its hue. */
export const equalize = defineOperation({
  name: 'equalize',
  title: 'Equalize histogram',
  group: 'color',
  summary:
    'Spreads the brightness over the whole range, which brings out detail in flat images; colors keep their hue.',
  source: 'OpenCV equalizeHist; on color, applied to the Y channel of YCrCb, with 16 bits to the lightness',
  maxDepth: 16,
  alpha: 'kept',
  params: z.strictObject({}),
  run({ image, scope }) {
    if (image.elemSize1() === 2)
      return { image: onLightness(image, (lightness) => equalizeDeep(lightness, scope), scope), scale: sixteenBits };
    const equalized = scope.mat();
    if (image.channels() === 1) {
      cv.equalizeHist(image, equalized);
      return { image: equalized };
    }
    const ycrcb = scope.mat();
    cv.cvtColor(image, ycrcb, cv.COLOR_RGB2YCrCb);
    const luma = equalizedValues(histogramOf(ycrcb));
    const changed = mapSamples(ycrcb, [(y) => luma[y], (cr) => cr, (cb) => cb], eightBits, scope);
    cv.cvtColor(changed, equalized, cv.COLOR_YCrCb2RGB);
    return { image: equalized };
  },
});

/** As `equalizeHist`, over all values of 16 bits. */
function equalizeDeep(gray: Mat, scope: Scope): Mat {
  const counts = histogramOf(gray);
  const first = counts.findIndex((count) => count > 0);
  const others = gray.rows * gray.cols - counts[first];
  const table = new Uint16Array(counts.length);
  for (let value = first + 1, below = 0; value < counts.length; value++) {
    below += counts[value];
    table[value] = others > 0 ? Math.round((65_535 * below) / others) : value;
  }
  if (others === 0) table[first] = first;
  const result = scope.mat(gray.rows, gray.cols, cv.CV_16UC1);
  const [source, target] = [gray.data16U as Uint16Array, result.data16U as Uint16Array];
  for (let i = 0; i < source.length; i++) target[i] = table[source[i]];
  return result;
}
