import { z } from 'zod';
import { binarize, binaryParams } from '../vision/binary.ts';
import { count, objectReport, usedThreshold } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { labelComponents } from '../vision/label-components.ts';
import { outlinedObjects } from '../vision/object-drawing.ts';
import { labelImage, objectParams, reportObjects } from '../vision/object-report.ts';

/** Outlines of objects (Suzuki & Abe 1985; OpenCV `findContours`). Use it to outline and count things that do not touch. */
export const contours = defineOperation({
  name: 'contours',
  title: 'Contours',
  group: 'segmentation',
  summary: 'Outlines the objects, with the measures of each.',
  source:
    'S. Suzuki & K. Abe, Topological structural analysis of digitized binary images by border following, 1985; OpenCV findContours',
  maxDepth: 16,
  result: ({ output }) => (output === 'labels' ? 'labels' : 'picture'),
  usesOriginal: true,
  params: z.strictObject({
    ...binaryParams,
    holes: z.boolean().default(false).describe('outline holes too'),
    minArea: z.number().min(0).max(1e8).default(20).describe('smaller objects are left out').meta({ unit: 'px²' }),
    ...objectParams,
    output: z
      .enum(['overlay', 'labels'])
      .default('overlay')
      .describe('labels: numbers of the table, in 16 bits; 32-bit TIFF if there are more than 65,535'),
  }),
  measures: z.looseObject({
    ...usedThreshold,
    dropped: z.object({ small: count('objects smaller than minArea') }),
    ...objectReport,
  }),
  run(input, { minArea, holes, output, ...options }) {
    const { image, scope } = input;
    const { binary, ...used } = binarize(image, options, scope, input);
    const { labels, count, dropped } = labelComponents(binary, 8, minArea, scope);
    return {
      image:
        output === 'labels' ? labelImage(labels, count, scope) : outlinedObjects(input.shown(), labels, holes, scope),
      measurements: { ...used, dropped: { small: dropped }, ...reportObjects(labels, count, input, options) },
    };
  },
});
