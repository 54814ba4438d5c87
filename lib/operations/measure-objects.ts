import { z } from 'zod';
import { binaryParams } from '../vision/binary.ts';
import { count, objectReport, usedThreshold } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { findObjects } from '../vision/find-objects.ts';
import { labelsShown, outlinedObjects } from '../vision/object-drawing.ts';
import { labelImage, objectParams, reportObjects } from '../vision/object-report.ts';

/** Shape of every object by its pixels, second moments (Hu 1962), convex hull and Crofton perimeter. Use it for particle analysis and quality control. */
export const measureObjects = defineOperation({
  name: 'measure-objects',
  title: 'Measure objects',
  group: 'segmentation',
  summary:
    'A table of all objects: size, position, axes, orientation, how round and how convex each is, and its brightness.',
  source: 'M.-K. Hu, Visual pattern recognition by moment invariants, 1962; definitions as in scikit-image regionprops',
  maxDepth: 16,
  result: ({ output }) => (output === 'labels' ? 'labels' : 'picture'),
  usesOriginal: true,
  takesLabels: true,
  params: z.strictObject({
    ...binaryParams,
    minArea: z.number().min(0).max(1e8).default(20).describe('smaller objects are left out').meta({ unit: 'px²' }),
    ...objectParams,
    output: z
      .enum(['overlay', 'labels'])
      .default('overlay')
      .describe('labels: numbers of the table, in 16 bits; 32-bit TIFF if there are more than 65,535'),
  }),
  measures: z.looseObject({
    ...usedThreshold,
    threshold: usedThreshold.threshold.nullable(),
    dropped: z.object({ small: count('objects smaller than minArea') }),
    ...objectReport,
  }),
  run(input, { minArea, output, ...options }) {
    const { image, scope, isLabels } = input;
    const wanted = { ...options, minArea, connectivity: 8 } as const;
    const { labels, count, dropped, used } = findObjects(image, isLabels, wanted, scope, input);
    return {
      image:
        output === 'labels'
          ? labelImage(labels, count, scope)
          : outlinedObjects(isLabels ? labelsShown(image, scope) : input.shown(), labels, false, scope),
      measurements: { ...used, dropped: { small: dropped }, ...reportObjects(labels, count, input, options) },
    };
  },
});
