import { z } from 'zod';
import { binarize, binaryParams } from '../vision/binary.ts';
import { count, usedThreshold } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { labelComponents } from '../vision/label-components.ts';

/** Removes objects that the image cuts off (as scikit-image's `clear_border`). Use it before objects are measured. */
export const clearBorder = defineOperation({
  name: 'clear-border',
  title: 'Clear border',
  group: 'segmentation',
  summary: 'Removes the objects that touch the image border: their areas and shapes are not whole. Gives a mask.',
  source: 'P. Soille, Morphological Image Analysis, 2003, section 6.2.6; OpenCV connectedComponents',
  maxDepth: 16,
  result: 'data',
  params: z.strictObject({
    ...binaryParams,
    margin: z
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .describe('width of the strip along the border that counts as it, in px'),
    connectivity: z
      .union([z.literal(4), z.literal(8)])
      .default(8)
      .describe('neighbors that join pixels to one object'),
  }),
  measures: z.looseObject({
    ...usedThreshold,
    count: count('objects that stayed'),
    removed: count('objects at the border'),
  }),
  run({ image, scope, ...brightness }, { margin, connectivity, ...options }) {
    const { binary, ...used } = binarize(image, options, scope, brightness);
    const { labels, count } = labelComponents(binary, connectivity, 1, scope);
    const touches = labelsInFrame(labels.data32S as Int32Array, binary.rows, binary.cols, margin + 1, count);
    const label = labels.data32S as Int32Array;
    const mask = binary.data as Uint8Array;
    for (let i = 0; i < mask.length; i++) if (touches[label[i]]) mask[i] = 0;
    const removed = touches.reduce((sum, touch) => sum + touch, 0);
    return { image: binary, measurements: { ...used, count: count - removed, removed } };
  },
});

/** 1 for each label of an object within `width` pixels of the border. */
function labelsInFrame(label: Int32Array, rows: number, cols: number, width: number, count: number): Uint8Array {
  const touches = new Uint8Array(count + 1);
  for (let y = 0; y < rows; y++) {
    const isWhole = y < width || y >= rows - width;
    for (let x = 0; x < cols; x++) {
      if (!isWhole && x === width && cols > 2 * width) x = cols - width;
      touches[label[y * cols + x]] = 1;
    }
  }
  touches[0] = 0;
  return touches;
}
