import { z } from 'zod';
import { binarize, binaryParams } from '../vision/binary.ts';
import { objectReport, usedThreshold } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { colorLabels } from '../vision/label-colors.ts';
import { labelComponents } from '../vision/label-components.ts';
import { labelImage, objectParams, reportObjects } from '../vision/object-report.ts';

/** Connected-component labeling (Bolelli 2019; OpenCV `connectedComponents`). Use it to count and measure things that do not touch. */
export const connectedComponents = defineOperation({
  name: 'connected-components',
  title: 'Connected components',
  group: 'segmentation',
  summary: 'Gives each connected object a number and a color, and measures it.',
  source: 'F. Bolelli et al., Spaghetti Labeling, 2019; OpenCV connectedComponents',
  maxDepth: 16,
  result: ({ output }) => (output === 'labels' ? 'labels' : 'data'),
  usesOriginal: true,
  params: z.strictObject({
    ...binaryParams,
    connectivity: z.literal([4, 8]).default(8).describe('whether pixels that share only a corner are connected'),
    ...objectParams,
    output: z
      .enum(['colors', 'labels'])
      .default('colors')
      .describe('labels: numbers of the table, in 16 bits; 32-bit TIFF if there are more than 65,535'),
  }),
  measures: z.looseObject({ ...usedThreshold, ...objectReport }),
  run(input, { connectivity, output, ...options }) {
    const { image, scope } = input;
    const { binary, ...used } = binarize(image, options, scope, input);
    const { labels, count } = labelComponents(binary, connectivity, 1, scope);
    return {
      image: output === 'labels' ? labelImage(labels, count, scope) : colorLabels(labels, scope),
      measurements: { ...used, ...reportObjects(labels, count, input, options) },
    };
  },
});
