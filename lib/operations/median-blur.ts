import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { oddSize } from '../vision/declaration/params.ts';
import { medianBlur as filter } from '../vision/median.ts';

/** Median filter (OpenCV `medianBlur`). Use it against salt-and-pepper noise: edges stay sharp. */
export const medianBlur = defineOperation({
  name: 'median-blur',
  title: 'Median blur',
  group: 'filter',
  summary: 'Replaces each pixel by the median around it: single outliers go, edges stay sharp.',
  source: 'OpenCV medianBlur',
  maxDepth: 16,
  keepsValues: true,
  params: z.strictObject({
    kernelSize: oddSize(3, 99).default(5).describe('side of the neighborhood').meta({ unit: 'px' }),
  }),
  halo: ({ kernelSize }) => kernelSize >> 1,
  run({ image, scope }, { kernelSize }) {
    const blurred = scope.mat();
    filter(image, blurred, kernelSize);
    return { image: blurred };
  },
});
