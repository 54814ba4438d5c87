import { z } from 'zod';
import { binarise, binaryParams } from './binary.ts';
import { toGray } from './channels.ts';
import { cv } from './cv.ts';
import { colourLabels } from './label-colours.ts';
import { defineOperation } from './operation.ts';
import { largestRegions, measureRegions } from './regions.ts';

/** Connected-component labelling (Bolelli 2019; OpenCV `connectedComponents`). Use it to count and measure things that do not touch. */
export const connectedComponents = defineOperation({
  name: 'connected-components',
  title: 'Connected components',
  group: 'segmentation',
  summary: 'Gives each connected object a number and a colour, and measures it.',
  source: 'F. Bolelli et al., Spaghetti Labeling, 2019; OpenCV connectedComponents',
  result: 'data',
  params: z.strictObject({
    ...binaryParams,
    connectivity: z.literal([4, 8]).default(8).describe('whether pixels that share only a corner are connected'),
  }),
  run({ image, scope }, { connectivity, ...options }) {
    const { binary, threshold } = binarise(image, options, scope);
    const labels = scope.mat();
    const components = cv.connectedComponents(binary, labels, connectivity, cv.CV_32S) - 1;
    const regions = largestRegions(measureRegions(labels, components, toGray(image, scope)));
    return { image: colourLabels(labels, scope), measurements: { components, threshold, regions } };
  },
});
