import { z } from 'zod';
import { maxResultSide } from '../limits.ts';
import { copyOf } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { checkResultSize } from '../vision/result-size.ts';

const side = z.int().min(1).max(maxResultSide).meta({ unit: 'px' });

/** Resizing (OpenCV `resize`): by area when smaller, cubic when larger. Use it first in a chain, to make the rest faster. */
export const resize = defineOperation({
  name: 'resize',
  title: 'Resize',
  group: 'geometry',
  summary: 'Makes the picture smaller or larger, into a box or to an exact size.',
  source: 'OpenCV resize (INTER_AREA, INTER_CUBIC)',
  maxDepth: 16,
  keepsValues: true,
  alpha: 'transformed',
  params: z
    .strictObject({
      width: side.optional().describe('width of the box; default: follows from the height'),
      height: side.optional().describe('height of the box; default: follows from the width'),
      fit: z
        .enum(['inside', 'cover', 'fill'])
        .default('inside')
        .describe('inside: whole picture in the box; cover: fills the box, the rest is cut; fill: stretched'),
      enlarge: z.boolean().default(true).describe('whether small pictures may grow'),
    })
    .refine(({ width, height }) => width !== undefined || height !== undefined, {
      path: ['width'],
      error: 'must be given, or height',
    }),
  run({ image, maxPixels, scope }, { width, height, fit, enlarge }) {
    const [x, y] = [(width ?? 0) / image.cols, (height ?? 0) / image.rows];
    const both = width !== undefined && height !== undefined;
    const scale = both ? (fit === 'cover' ? Math.max(x, y) : Math.min(x, y)) : Math.max(x, y);
    if (scale > 1 && !enlarge) return {};
    const stretched = both && fit === 'fill';
    const size = stretched ? new cv.Size(width, height) : scaled(image, scale);
    checkResultSize(size.width, size.height, maxPixels);
    const resized = scope.mat();
    const smaller = size.width <= image.cols && size.height <= image.rows;
    cv.resize(image, resized, size, 0, 0, smaller ? cv.INTER_AREA : cv.INTER_CUBIC);
    if (fit !== 'cover' || !both) return { image: resized };
    const box = new cv.Rect((size.width - width) >> 1, (size.height - height) >> 1, width, height);
    return { image: copyOf(scope.own(resized.roi(box)), scope) };
  },
});

function scaled({ cols, rows }: Mat, scale: number) {
  return new cv.Size(Math.max(1, Math.round(cols * scale)), Math.max(1, Math.round(rows * scale)));
}
