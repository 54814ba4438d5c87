import { z } from 'zod';
import { binarize, binaryParams } from '../vision/binary.ts';
import { length, usedThreshold } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { cv } from '../vision/opencv.ts';

/** Distance of each object pixel from the background (Felzenszwalb & Huttenlocher 2012; OpenCV `distanceTransform`). */
export const distanceTransform = defineOperation({
  name: 'distance-transform',
  title: 'Distance transform',
  group: 'segmentation',
  summary:
    'Shows how far each pixel of an object is from the background. Use it to see thickness, and where objects touch.',
  source: 'P. Felzenszwalb & D. Huttenlocher, Distance Transforms of Sampled Functions, 2012; OpenCV distanceTransform',
  maxDepth: 16,
  result: 'data',
  params: z.strictObject({
    ...binaryParams,
    scale: z
      .number()
      .min(0)
      .max(255)
      .default(0)
      .describe('gray values per px of distance, cut off at 255; 0 spreads the distances over all gray values'),
  }),
  measures: z.looseObject({
    ...usedThreshold,
    maxDistance: length('greatest distance from the background'),
    meanDistance: length('mean distance of the pixels of objects'),
  }),
  run({ image, scope, ...brightness }, { scale, ...options }) {
    const { binary, ...used } = binarize(image, options, scope, brightness);
    const distance = scope.mat();
    cv.distanceTransform(binary, distance, cv.DIST_L2, cv.DIST_MASK_PRECISE);
    let [maxDistance, sum, pixels] = [0, 0, 0];
    for (const value of distance.data32F as Float32Array) {
      if (value === 0) continue;
      if (value > maxDistance) maxDistance = value;
      sum += value;
      pixels++;
    }
    const shown = scope.mat();
    distance.convertTo(shown, cv.CV_8U, scale || (maxDistance > 0 ? 255 / maxDistance : 0));
    return { image: shown, measurements: { ...used, maxDistance, meanDistance: pixels > 0 ? sum / pixels : 0 } };
  },
});
