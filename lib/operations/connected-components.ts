import { z } from 'zod';
import { binarize, binaryParams } from '../vision/binary.ts';
import { toGray } from '../vision/channels.ts';
import { colorLabels } from '../vision/label-colors.ts';
import { cv } from '../vision/opencv.ts';
import { largestRegions, measureRegions } from '../vision/regions.ts';
import { defineOperation } from './operation.ts';

/** Connected-component labeling (Bolelli 2019; OpenCV `connectedComponents`). Use it to count and measure things that do not touch. */
export const connectedComponents = defineOperation({
  name: 'connected-components',
  title: 'Connected components',
  group: 'segmentation',
  summary: 'Gives each connected object a number and a color, and measures it.',
  source: 'F. Bolelli et al., Spaghetti Labeling, 2019; OpenCV connectedComponents',
  result: 'data',
  params: z.strictObject({
    ...binaryParams,
    connectivity: z.literal([4, 8]).default(8).describe('whether pixels that share only a corner are connected'),
  }),
  run({ image, scope }, { connectivity, ...options }) {
    const { binary, threshold } = binarize(image, options, scope);
    const labels = scope.mat();
    const components = cv.connectedComponents(binary, labels, connectivity, cv.CV_32S) - 1;
    const regions = largestRegions(measureRegions(labels, components, toGray(image, scope)));
    return { image: colorLabels(labels, scope), measurements: { components, threshold, regions } };
  },
});
