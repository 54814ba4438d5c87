import { z } from 'zod';
import { problem } from '../problems.ts';
import { copyOf } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { cv } from '../vision/opencv.ts';

const length = z.int().min(0).max(100_000).meta({ unit: 'px' });

/** Cuts a rectangle out. Use it to process a region of interest. */
export const crop = defineOperation({
  name: 'crop',
  title: 'Crop',
  group: 'geometry',
  summary: 'Cuts a rectangle out of the picture.',
  source: 'region of interest',
  maxDepth: 16,
  keepsValues: true,
  takesLabels: true,
  alpha: 'transformed',
  params: z.strictObject({
    left: length.default(0).describe('from the left edge'),
    top: length.default(0).describe('from the top edge'),
    width: length.min(1).optional().describe('width; without it, to the right edge'),
    height: length.min(1).optional().describe('height; without it, to the bottom edge'),
  }),
  run({ image, scope }, { left, top, width = image.cols - left, height = image.rows - top }) {
    if (width < 1 || height < 1 || left + width > image.cols || top + height > image.rows) {
      const what = `${width} × ${height} at (${left}, ${top})`;
      throw problem(
        'operation-failed',
        `The rectangle ${what} is not inside the image of ${image.cols} × ${image.rows}.`,
      );
    }
    const view = scope.own(image.roi(new cv.Rect(left, top, width, height)));
    return { image: copyOf(view, scope) };
  },
});
