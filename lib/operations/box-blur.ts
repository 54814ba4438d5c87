import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { oddSize } from '../vision/declaration/params.ts';
import { cv } from '../vision/opencv.ts';

/** Mean filter (OpenCV `blur`). Use it for fast, strong smoothing where the shape of the blur does not matter. */
export const boxBlur = defineOperation({
  name: 'box-blur',
  title: 'Box blur',
  group: 'filter',
  summary: 'Replaces each pixel by the mean around it: fast, strong smoothing.',
  source: 'OpenCV blur',
  maxDepth: 16,
  keepsValues: true,
  params: z.strictObject({
    kernelSize: oddSize(1, 199).default(5).describe('side of the neighborhood').meta({ unit: 'px' }),
  }),
  halo: ({ kernelSize }) => kernelSize >> 1,
  run({ image, scope }, { kernelSize }) {
    const blurred = scope.mat();
    cv.blur(image, blurred, new cv.Size(kernelSize, kernelSize));
    return { image: blurred };
  },
});
