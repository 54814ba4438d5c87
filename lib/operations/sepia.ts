import { z } from 'zod';
import { toRgb } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent } from '../vision/declaration/params.ts';
import { cv } from '../vision/opencv.ts';

/** The usual sepia matrix; W3C Filter Effects `sepia()`. Use it for the look of an old print. */
export const sepia = defineOperation({
  name: 'sepia',
  title: 'Sepia',
  group: 'color',
  summary: 'Gives the picture the brown tone of an old print.',
  source: 'W3C Filter Effects Module, sepia()',
  alpha: 'kept',
  params: z.strictObject({ amount: percent(0, 100).default(100).describe('0 leaves the picture as it is') }),
  halo: () => 0,
  run({ image, scope }, { amount }) {
    const t = amount / 100;
    const full = [0.393, 0.769, 0.189, 0.349, 0.686, 0.168, 0.272, 0.534, 0.131];
    const mixed = full.map((weight, i) => weight * t + (i % 4 === 0 ? 1 - t : 0));
    const toned = scope.mat();
    cv.transform(toRgb(image, scope), toned, scope.own(cv.matFromArray(3, 3, cv.CV_32FC1, mixed)));
    return { image: toned };
  },
});
