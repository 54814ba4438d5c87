import { z } from 'zod';
import { toRgb } from '../vision/channels.ts';
import { clusterColors, paint } from '../vision/color-clusters.ts';
import { part } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { hexOf } from '../vision/declaration/params.ts';

/** Color quantization by k-means (Lloyd 1982; OpenCV `kmeans` with k-means++ seeding). Use it for posters, and to learn the main colors of a picture. */
export const quantize = defineOperation({
  name: 'quantize',
  title: 'Reduce colors',
  group: 'color',
  summary: 'Reduces the picture to a few colors, and lists them with their shares.',
  source: 'S. Lloyd, 1982; D. Arthur & S. Vassilvitskii, k-means++, 2007; OpenCV kmeans',
  params: z.strictObject({ colors: z.int().min(2).max(64).default(8).describe('number of colors in the result') }),
  measures: z.looseObject({
    palette: z.array(z.object({ color: z.string().describe('as #rrggbb'), fraction: part('all pixels') })),
  }),
  run({ image, scope }, { colors }) {
    const rgb = toRgb(image, scope);
    const { centers, labels, counts } = clusterColors(rgb, colors, scope);
    const pixels = rgb.rows * rgb.cols;
    const palette = centers.map((center, i) => ({ color: hexOf(center), fraction: counts[i] / pixels }));
    return {
      image: paint(labels, centers, scope),
      measurements: { palette: palette.sort((a, b) => b.fraction - a.fraction) },
    };
  },
});
