import { z } from 'zod';
import { copyOf, onWhite } from '../vision/channels.ts';
import { box } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { pixels } from '../vision/declaration/params.ts';
import { samplesPerGray } from '../vision/gray-scale.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { samplesOf } from '../vision/samples.ts';

/** Trims a border of one color, that of the top left corner. Use it on scans, screenshots and product photos. */
export const autoCrop = defineOperation({
  name: 'auto-crop',
  title: 'Trim border',
  group: 'geometry',
  summary: 'Cuts off a border of one color around the picture.',
  source: 'bounding box of what differs from the corner',
  maxDepth: 16,
  keepsValues: true,
  alpha: 'transformed',
  params: z.strictObject({
    tolerance: z
      .int()
      .min(0)
      .max(255)
      .default(20)
      .describe('how many gray values the border may differ from the corner'),
    margin: pixels(0, 1000).default(0).describe('border that is left'),
  }),
  measures: z.looseObject({ box }),
  run({ image, alpha, gray, scope }, { tolerance, margin }) {
    const box = contentBox(onWhite(image, alpha, scope), tolerance * samplesPerGray(gray), Math.round(margin));
    const crop = (mat: Mat) => copyOf(scope.own(mat.roi(new cv.Rect(box.x, box.y, box.width, box.height))), scope);
    return { image: crop(image), ...(alpha && { alpha: crop(alpha) }), measurements: { box } };
  },
});

/** An image of one color is left whole. */
function contentBox(image: Mat, tolerance: number, margin: number) {
  const { rows, cols } = image;
  const channels = image.channels();
  const samples = samplesOf(image);
  let [left, top, right, bottom] = [cols, rows, -1, -1];
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < cols; x++, i += channels) {
      let differs = false;
      for (let c = 0; c < channels; c++) if (Math.abs(samples[i + c] - samples[c]) > tolerance) differs = true;
      if (!differs) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  if (right < 0) return { x: 0, y: 0, width: cols, height: rows };
  const [x, y] = [Math.max(0, left - margin), Math.max(0, top - margin)];
  return { x, y, width: Math.min(cols, right + 1 + margin) - x, height: Math.min(rows, bottom + 1 + margin) - y };
}
