import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { sampleOf } from '../vision/gray-scale.ts';
import { cv } from '../vision/opencv.ts';

/** Directional derivative shown as relief. Use it to bring out scratches, engraving and texture. */
export const emboss = defineOperation({
  name: 'emboss',
  title: 'Emboss',
  group: 'filter',
  summary: 'Shows the picture as a relief lit from one side: scratches, engraving and texture stand out.',
  source: 'directional derivative with a 3 × 3 kernel; OpenCV filter2D',
  maxDepth: 16,
  params: z.strictObject({
    angle: z
      .number()
      .min(0)
      .max(360)
      .default(135)
      .describe('where the light comes from, counter-clockwise from the right')
      .meta({ unit: '°' }),
    strength: z.number().min(0.1).max(5).default(1).describe('height of the relief'),
    base: z.enum(['picture', 'gray']).default('gray').describe('what the relief is laid on'),
  }),
  halo: () => 1,
  run({ image, gray, scope }, { angle, strength, base }) {
    const [dx, dy] = [Math.cos((angle * Math.PI) / 180), -Math.sin((angle * Math.PI) / 180)];
    const offsets = [-1, 0, 1];
    const weights = offsets.flatMap((y) => offsets.map((x) => strength * (x * dx + y * dy)));
    if (base === 'picture') weights[4] += 1;
    const kernel = scope.own(cv.matFromArray(3, 3, cv.CV_32FC1, weights));
    const relief = scope.mat();
    cv.filter2D(image, relief, -1, kernel, new cv.Point(-1, -1), base === 'gray' ? sampleOf(gray, 128) : 0);
    return { image: relief };
  },
});
