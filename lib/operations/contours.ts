import { z } from 'zod';
import { binarize, binaryParams } from '../vision/binary.ts';
import { canvasOf } from '../vision/channels.ts';
import { lineWidth } from '../vision/drawing.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { Scope } from '../vision/scope.ts';
import { defineOperation } from './operation.ts';

const maxListed = 10_000;

/** Outlines of objects (Suzuki & Abe 1985; OpenCV `findContours`). Use it to outline and count things that do not touch. */
export const contours = defineOperation({
  name: 'contours',
  title: 'Contours',
  group: 'segmentation',
  summary: 'Outlines the objects, with the area, perimeter and box of each.',
  source:
    'S. Suzuki & K. Abe, Topological structural analysis of digitized binary images by border following, 1985; OpenCV findContours',
  params: z.strictObject({
    ...binaryParams,
    holes: z.boolean().default(false).describe('outline holes too'),
    minArea: z.number().min(0).max(1e8).default(20).describe('smaller objects are left out').meta({ unit: 'px²' }),
  }),
  run({ image, scope }, { holes, minArea, ...options }) {
    const { binary, threshold } = binarize(image, options, scope);
    const outlines = scope.own(new cv.MatVector());
    cv.findContours(binary, outlines, scope.mat(), holes ? cv.RETR_CCOMP : cv.RETR_EXTERNAL, cv.CHAIN_APPROX_NONE);
    const canvas = canvasOf(image, scope);
    const found: ReturnType<typeof measure>[] = [];
    for (let i = 0; i < outlines.size(); i++) {
      using own = new Scope();
      const measured = measure(own.own(outlines.get(i)));
      if (measured.area < minArea) continue;
      found.push(measured);
      cv.drawContours(canvas, outlines, i, new cv.Scalar(60, 220, 90), lineWidth(canvas));
    }
    found.sort((a, b) => b.area - a.area);
    return { image: canvas, measurements: { count: found.length, threshold, contours: found.slice(0, maxListed) } };
  },
});

function measure(contour: Mat) {
  const { x, y, width, height } = cv.boundingRect(contour);
  return { area: cv.contourArea(contour), perimeter: cv.arcLength(contour, true), box: { x, y, width, height } };
}
