import { z } from 'zod';
import { maxFacePixels } from '../limits.ts';
import { problem } from '../problems.ts';
import type { Box } from '../vision/boxes.ts';
import { canvasOf, toRgb } from '../vision/channels.ts';
import { box, count, length } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { color, percent, rgbOf } from '../vision/declaration/params.ts';
import { faceModels, findFaces, smallestFaceIn, usualSmallestFace } from '../vision/face-search.ts';
import { hide, hidingMethods } from '../vision/hide.ts';
import type { Mat } from '../vision/opencv.ts';

/** Makes faces that BlazeFace finds unrecognizable. Use it before pictures of people are published; look at the result, as no detector finds every face. */
export const redactFaces = defineOperation({
  name: 'redact-faces',
  title: 'Redact faces',
  group: 'privacy',
  summary: 'Makes faces unrecognizable. No detector finds every face: look at the result before you publish it.',
  maxPixels: maxFacePixels,
  source: 'V. Bazarevsky, BlazeFace, 2019 (MediaPipe)',
  models: () => faceModels,
  params: z.strictObject({
    method: z.enum(hidingMethods).default('pixelate').describe('how'),
    margin: percent(0, 100).default(25).describe('added on each side of the head'),
    color: color().default('#000000').describe('of method fill, #rrggbb'),
    scoreThreshold: z.number().min(0.1).max(1).default(0.6).describe('how sure the detector must be; lower hides more'),
    minSize: z
      .int()
      .min(16)
      .max(4096)
      .default(usualSmallestFace)
      .describe('side of the smallest face to search for, in an image of any size')
      .meta({ unit: 'px' }),
  }),
  measures: z.looseObject({
    count: count('faces that were made unrecognizable'),
    boxes: z.array(box),
    smallestFaceSearched: length('smallest face that was looked for'),
  }),
  run({ image, scope }, { method, margin, color, scoreThreshold, minSize }) {
    const smallest = smallestFaceIn(image, minSize);
    if (smallest > minSize) throw notSearched(image, minSize, smallest);
    const { faces } = findFaces(toRgb(image, scope), scoreThreshold, minSize);
    const canvas = canvasOf(image, scope);
    const hidden = faces
      .map(({ box }) => widened(box, margin / 100, canvas))
      .filter(({ width, height }) => width > 0 && height > 0);
    for (const box of hidden) hide(canvas, box, method, rgbOf(color));
    return { image: canvas, measurements: { count: hidden.length, boxes: hidden, smallestFaceSearched: minSize } };
  },
});

/** An image in which smaller faces may be left is not to be taken for an anonymous one. */
function notSearched({ cols, rows }: Mat, minSize: number, limit: number) {
  const detail = `In an image of ${cols} × ${rows} pixels, minSize must be at least ${limit}, not ${minSize}.`;
  return problem('invalid-parameter', `${detail} Increase minSize, or redact parts of the image by "redact".`, {
    field: 'minSize',
    limit,
  });
}

/** The detector's box ends at the brow; hair and forehead reach higher, by this part of its height. */
const headAbove = 0.25;

/** The head around a face with a margin, in whole pixels inside the image. */
function widened({ x, y, width, height }: Box, margin: number, { cols, rows }: Mat): Box {
  const left = Math.max(0, Math.floor(x - margin * width));
  const top = Math.max(0, Math.floor(y - (margin + headAbove) * height));
  const right = Math.min(cols, Math.ceil(x + width * (1 + margin)));
  const bottom = Math.min(rows, Math.ceil(y + height * (1 + margin)));
  return { x: left, y: top, width: right - left, height: bottom - top };
}
