import { z } from 'zod';
import { toGray } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { cv } from '../vision/opencv.ts';

const maps = [
  'viridis',
  'magma',
  'inferno',
  'plasma',
  'cividis',
  'turbo',
  'jet',
  'hot',
  'bone',
  'ocean',
  'rainbow',
  'parula',
] as const;

/** False colors (OpenCV `applyColorMap`). Use it to see small differences in gray images; viridis and cividis are even to the eye. */
export const colorMap = defineOperation({
  name: 'color-map',
  title: 'Color map',
  group: 'color',
  summary: 'Shows brightness as false colors, so that small differences can be seen.',
  source: 'OpenCV applyColorMap',
  alpha: 'kept',
  params: z.strictObject({ map: z.enum(maps).default('viridis').describe('viridis and cividis are even to the eye') }),
  halo: () => 0,
  run({ image, scope }, { map }) {
    const bgr = scope.mat();
    cv.applyColorMap(toGray(image, scope), bgr, cv[`COLORMAP_${map.toUpperCase()}` as 'COLORMAP_JET'] as never);
    const rgb = scope.mat();
    cv.cvtColor(bgr, rgb, cv.COLOR_BGR2RGB);
    return { image: rgb };
  },
});
