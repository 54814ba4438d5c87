import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent } from '../vision/declaration/params.ts';
import { onLightness } from '../vision/lightness.ts';
import { medianBlur } from '../vision/median.ts';
import { cv, type Mat } from '../vision/opencv.ts';
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
  alpha: 'kept',
  params: z.strictObject({
    size: percent(1, 50).default(8).describe('size of the largest dark detail that stays, relative to the longer side'),
    background: z.enum(['bright', 'dark']).default('bright').describe('bright pages, or dark fields'),
  }),
  run({ image, scope }, { size, background }) {
    const even = (lightness: Mat) =>
      background === 'bright' ? divide(lightness, size, scope) : subtract(lightness, size, scope);
    return { image: onLightness(image, even, scope) };
  },
});

/** The background becomes white. */
function divide(lightness: Mat, size: number, scope: Scope): Mat {
  const even = scope.mat();
  cv.divide(lightness, estimate(lightness, size, cv.MORPH_CLOSE, scope), even, 255);
  return even;
}

/** The background becomes black. */
function subtract(lightness: Mat, size: number, scope: Scope): Mat {
  const even = scope.mat();
  cv.subtract(lightness, estimate(lightness, size, cv.MORPH_OPEN, scope), even);
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
