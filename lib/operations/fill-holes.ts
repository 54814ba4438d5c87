import { z } from 'zod';
import { binarize, binaryParams } from '../vision/binary.ts';
import { count, usedThreshold } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { labelComponents } from '../vision/label-components.ts';
import { cv } from '../vision/opencv.ts';

/** Fills background that an object encloses (Soille 2003). Use it where reflections or texture leave holes in objects. */
export const fillHoles = defineOperation({
  name: 'fill-holes',
  title: 'Fill holes',
  group: 'segmentation',
  summary: 'Fills the holes of objects, all or those up to a size. Gives a mask.',
  source: 'P. Soille, Morphological Image Analysis, 2003, section 6.3.7; OpenCV connectedComponents',
  maxDepth: 16,
  result: 'data',
  params: z.strictObject({
    ...binaryParams,
    maxArea: z
      .int()
      .min(1)
      .max(100_000_000)
      .optional()
      .describe('the largest hole that is filled, in px²; all, if left out'),
    connectivity: z
      .union([z.literal(4), z.literal(8)])
      .default(8)
      .describe('neighbors that join pixels to one object'),
  }),
  measures: z.looseObject({
    ...usedThreshold,
    holes: count('holes that were filled'),
    filledPixels: count('their pixels'),
  }),
  run({ image, scope, ...brightness }, { maxArea = Number.POSITIVE_INFINITY, connectivity, ...options }) {
    const { binary, ...used } = binarize(image, options, scope, brightness);
    const background = scope.mat();
    cv.bitwise_not(binary, background);
    // Objects that are joined at corners close a hole in; the background must not pass there.
    const { labels, count } = labelComponents(background, connectivity === 8 ? 4 : 8, 1, scope);
    const label = labels.data32S as Int32Array;
    const areas = new Int32Array(count + 1);
    for (const l of label) areas[l]++;
    for (const l of borderLabels(label, binary.rows, binary.cols)) areas[l] = 0;
    const isFilled = Uint8Array.from(areas, (area, l) => (l > 0 && area > 0 && area <= maxArea ? 1 : 0));
    const mask = binary.data as Uint8Array;
    let filledPixels = 0;
    for (let i = 0; i < mask.length; i++) {
      if (!isFilled[label[i]]) continue;
      mask[i] = 255;
      filledPixels++;
    }
    const holes = isFilled.reduce((sum, filled) => sum + filled, 0);
    return { image: binary, measurements: { ...used, holes, filledPixels } };
  },
});

function borderLabels(label: Int32Array, rows: number, cols: number): Set<number> {
  const found = new Set<number>();
  for (let x = 0; x < cols; x++) found.add(label[x]).add(label[(rows - 1) * cols + x]);
  for (let y = 0; y < rows; y++) found.add(label[y * cols]).add(label[(y + 1) * cols - 1]);
  return found;
}
