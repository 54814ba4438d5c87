import { z } from 'zod';
import { toGray } from '../vision/channels.ts';
import { countNonZero } from '../vision/count.ts';
import { count } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { pixels } from '../vision/declaration/params.ts';
import { cv } from '../vision/opencv.ts';
import { checkSameSize } from '../vision/same-size.ts';

/** Fills what a mask marks from its surroundings (Telea 2004; Bertalmio 2001; OpenCV `inpaint`). Use it for scratches, dust and captions. */
export const inpaint = defineOperation({
  name: 'inpaint',
  title: 'Inpaint',
  group: 'restoration',
  summary: 'Fills in what is white in the second picture, the mask, from what is around it: scratches, dust, captions.',
  source:
    'A. Telea, An Image Inpainting Technique Based on the Fast Marching Method, 2004; M. Bertalmio et al., 2001; OpenCV inpaint',
  inputs: ['image', 'reference'],
  params: z.strictObject({
    radius: pixels(1, 50).default(4).describe('radius of the neighborhood that fills a pixel'),
    method: z
      .enum(['telea', 'navier-stokes'])
      .default('telea')
      .describe('navier-stokes continues lines better, telea is faster'),
  }),
  measures: z.looseObject({ filledPixels: count('pixels that were painted') }),
  run({ image, reference, scope }, { radius, method }) {
    checkSameSize(image, reference);
    const mask = scope.mat();
    cv.threshold(toGray(reference, scope), mask, 127, 255, cv.THRESH_BINARY);
    const filled = scope.mat();
    cv.inpaint(image, mask, filled, radius, method === 'telea' ? cv.INPAINT_TELEA : cv.INPAINT_NS);
    return { image: filled, measurements: { filledPixels: countNonZero(mask) } };
  },
});
