import { z } from 'zod';
import { problem } from '../problems.ts';
import type { Box } from '../vision/boxes.ts';
import { canvasOf } from '../vision/channels.ts';
import { box, count } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { color, rectangles, rgbOf } from '../vision/declaration/params.ts';
import { hide, hidingMethods } from '../vision/hide.ts';
import type { Mat } from '../vision/opencv.ts';

/** Makes rectangles of the image unrecognizable. Use it for license plates, names and screens, and for faces that no detector found. */
export const redact = defineOperation({
  name: 'redact',
  title: 'Redact areas',
  group: 'privacy',
  summary: 'Makes rectangles of the picture unrecognizable: license plates, names, screens, faces.',
  source: 'OpenCV resize (INTER_AREA) to 4 × 4 cells',
  params: z.strictObject({
    areas: rectangles().min(1, { error: 'must have at least one rectangle' }).describe('what is made unrecognizable'),
    method: z
      .enum(hidingMethods)
      .default('fill')
      .describe('pixelate and blur leave 4 × 4 colors of each rectangle; fill leaves nothing'),
    color: color().default('#000000').describe('of method fill, #rrggbb'),
  }),
  measures: z.looseObject({
    count: count('rectangles that were made unrecognizable'),
    boxes: z.array(box),
  }),
  run({ image, scope }, { areas, method, color }) {
    const canvas = canvasOf(image, scope);
    const boxes = areas.map((area, index) => inside(area, index, canvas));
    for (const box of boxes) hide(canvas, box, method, rgbOf(color));
    return { image: canvas, measurements: { count: boxes.length, boxes } };
  },
});

interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The part of the rectangle that is in the image. One that misses it was meant for another image, and would hide nothing. */
function inside({ left, top, width, height }: Area, index: number, { cols, rows }: Mat): Box {
  if (left < cols && top < rows)
    return { x: left, y: top, width: Math.min(width, cols - left), height: Math.min(height, rows - top) };
  throw problem(
    'operation-failed',
    `Rectangle ${index + 1} at (${left}, ${top}) is not inside the image of ${cols} × ${rows}.`,
  );
}
