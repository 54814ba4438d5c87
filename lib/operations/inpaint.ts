import { z } from 'zod';
import { toGray } from '../vision/channels.ts';
import { countNonZero } from '../vision/count.ts';
import { count } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { pixels, strokes } from '../vision/declaration/params.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { checkSameSize } from '../vision/same-size.ts';
import type { Scope } from '../vision/scope.ts';
import { drawStrokes, type Stroke } from '../vision/strokes.ts';

/** Fills what a mask marks from its surroundings (Telea 2004; Bertalmio 2001; OpenCV `inpaint`). Use it for scratches, dust and captions. */
export const inpaint = defineOperation({
  name: 'inpaint',
  title: 'Inpaint',
  group: 'restoration',
  summary:
    'Fills in what a mask marks from what is around it: scratches, dust, captions. The mask is painted, or white in the second picture.',
  source:
    'A. Telea, An Image Inpainting Technique Based on the Fast Marching Method, 2004; M. Bertalmio et al., 2001; OpenCV inpaint',
  inputs: ['image', 'reference'],
  referenceParam: 'mask',
  params: z.strictObject({
    mask: strokes()
      .default([])
      .describe(
        'strokes of {points: [[x, y], …], radius} over what is filled in; without any, the second image is the mask',
      ),
    radius: pixels(1, 50).default(4).describe('radius of the neighborhood that fills a pixel'),
    method: z
      .enum(['telea', 'navier-stokes'])
      .default('telea')
      .describe('navier-stokes continues lines better, telea is faster'),
  }),
  measures: z.looseObject({ filledPixels: count('pixels that were painted') }),
  run({ image, reference, scope }, { mask: strokes, radius, method }) {
    const mask = strokes.length > 0 ? painted(image, strokes, scope) : whiteIn(image, reference, scope);
    const filled = scope.mat();
    cv.inpaint(image, mask, filled, radius, method === 'telea' ? cv.INPAINT_TELEA : cv.INPAINT_NS);
    return { image: filled, measurements: { filledPixels: countNonZero(mask) } };
  },
});

function painted({ rows, cols }: Mat, strokes: readonly Stroke[], scope: Scope): Mat {
  const mask = scope.own(cv.Mat.zeros(rows, cols, cv.CV_8UC1));
  drawStrokes(mask, strokes, 255);
  return mask;
}

function whiteIn(image: Mat, reference: Mat, scope: Scope): Mat {
  checkSameSize(image, reference);
  const mask = scope.mat();
  cv.threshold(toGray(reference, scope), mask, 127, 255, cv.THRESH_BINARY);
  return mask;
}
