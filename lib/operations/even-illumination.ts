import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent } from '../vision/declaration/params.ts';
import type { GrayScale } from '../vision/gray-scale.ts';
import { onLightness } from '../vision/lightness.ts';
import { medianBlur } from '../vision/median.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { grayLike, samplesOf } from '../vision/samples.ts';
import { Scope } from '../vision/scope.ts';

/** The background is found on an image of this longer side, in pixels: it has no finer detail. */
const workSize = 400;

/** Divides by the background, which a closing and a median over a large area leave. Use it on photographed pages and microscope slides with shadows. */
export const evenIllumination = defineOperation({
  name: 'even-illumination',
  title: 'Remove shadows',
  group: 'restoration',
  summary: 'Makes the background evenly bright: shadows on pages, uneven light on slides.',
  source: 'background division with a morphological background estimate (Gonzalez & Woods, Digital Image Processing)',
  maxDepth: 16,
  alpha: 'kept',
  params: z.strictObject({
    size: percent(1, 50).default(8).describe('size of the largest dark detail that stays, relative to the longer side'),
    background: z.enum(['bright', 'dark']).default('bright').describe('bright pages, or dark fields'),
  }),
  run({ image, gray, scope }, { size, background }) {
    const even = (lightness: Mat, scale: GrayScale) =>
      background === 'bright' ? divide(lightness, scale, size, scope) : subtract(lightness, scale, size, scope);
    return { image: onLightness(image, even, scope, gray) };
  },
});

/** The background becomes white, and so does what is brighter. */
function divide(lightness: Mat, { black, white }: GrayScale, size: number, scope: Scope): Mat {
  const background = estimate(lightness, size, cv.MORPH_CLOSE, scope);
  const even = grayLike(lightness, scope);
  if (lightness.elemSize1() === 1) {
    cv.divide(lightness, background, even, 255);
    return even;
  }
  const [source, light, target] = [samplesOf(lightness), samplesOf(background), samplesOf(even)];
  const [zero, span] = [Math.max(0, black), white - black];
  for (let i = 0; i < target.length; i++) {
    const share = light[i] > black ? (source[i] - black) / (light[i] - black) : 0;
    target[i] = Math.min(65_535, Math.max(zero, Math.round(black + Math.min(1, share) * span)));
  }
  return even;
}

/** The background becomes black. */
function subtract(lightness: Mat, { black }: GrayScale, size: number, scope: Scope): Mat {
  const background = estimate(lightness, size, cv.MORPH_OPEN, scope);
  const even = scope.mat();
  cv.subtract(lightness, background, even);
  const zero = Math.round(Math.max(0, black));
  if (lightness.elemSize1() === 2 && zero > 0) even.convertTo(even, cv.CV_16U, 1, zero);
  return even;
}

function estimate(lightness: Mat, size: number, type: number, outer: Scope): Mat {
  using scope = new Scope();
  const scale = Math.min(1, workSize / Math.max(lightness.cols, lightness.rows));
  const small = scope.mat();
  const width = Math.max(1, Math.round(lightness.cols * scale));
  const height = Math.max(1, Math.round(lightness.rows * scale));
  cv.resize(lightness, small, new cv.Size(width, height), 0, 0, cv.INTER_AREA);
  const side = Math.max(3, Math.round((size / 100) * Math.max(width, height)) | 1);
  const element = scope.own(cv.getStructuringElement(cv.MORPH_ELLIPSE, new cv.Size(side, side)));
  cv.morphologyEx(small, small, type as never, element);
  const smooth = scope.mat();
  medianBlur(small, smooth, Math.min(side, 99));
  const background = outer.mat();
  cv.resize(smooth, background, new cv.Size(lightness.cols, lightness.rows), 0, 0, cv.INTER_CUBIC);
  return background;
}
