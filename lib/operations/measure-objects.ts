import { z } from 'zod';
import { binarize, binaryParams } from '../vision/binary.ts';
import { labelComponents } from '../vision/label-components.ts';
import { outlinedObjects } from '../vision/object-drawing.ts';
import { labelImage, objectParams, reportObjects } from '../vision/object-report.ts';
import { defineOperation } from './operation.ts';

/** Shape of every object by its pixels, second moments (Hu 1962), convex hull and Crofton perimeter. Use it for particle analysis and quality control. */
export const measureObjects = defineOperation({
  name: 'measure-objects',
  title: 'Measure objects',
  group: 'segmentation',
  summary:
    'A table of all objects: size, position, axes, orientation, how round and how convex each is, and its brightness.',
  source: 'M.-K. Hu, Visual pattern recognition by moment invariants, 1962; definitions as in scikit-image regionprops',
  result: ({ output }) => (output === 'labels' ? 'labels' : 'picture'),
  usesOriginal: true,
  params: z.strictObject({
    ...binaryParams,
    minArea: z.number().min(0).max(1e8).default(20).describe('smaller objects are left out').meta({ unit: 'px²' }),
    ...objectParams,
    output: z.enum(['overlay', 'labels']).default('overlay').describe('labels: 16-bit, the numbers of the table'),
  }),
  run(input, { minArea, output, ...options }) {
    const { image, scope } = input;
    const { binary, threshold } = binarize(image, options, scope);
    const { labels, count, dropped } = labelComponents(binary, 8, minArea, scope);
    return {
      image: output === 'labels' ? labelImage(labels, count, scope) : outlinedObjects(image, labels, false, scope),
      measurements: { threshold, dropped: { small: dropped }, ...reportObjects(labels, count, input, options) },
    };
  },
});
