import { z } from 'zod';
import { toRgb } from '../vision/channels.ts';
import { clusterColors, paint } from '../vision/color-clusters.ts';
import { count, part } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { hexOf } from '../vision/declaration/params.ts';
import { eightBits } from '../vision/gray-scale.ts';
import { mapSamples } from '../vision/lut.ts';
import { distinctColor } from '../vision/palette.ts';

/** Segmentation by color with k-means (Lloyd 1982; OpenCV `kmeans`). Use it where each material has a color of its own: stained tissue, land cover. */
export const kMeans = defineOperation({
  name: 'k-means',
  title: 'Segment by color (k-means)',
  group: 'segmentation',
  summary: 'Divides the picture into classes of similar color, and measures each: stained tissue, land cover.',
  source: 'S. Lloyd, Least squares quantization in PCM, 1982; OpenCV kmeans',
  result: 'data',
  params: z.strictObject({
    classes: z.int().min(2).max(32).default(4).describe('number of classes'),
    output: z
      .enum(['colors', 'labels'])
      .default('colors')
      .describe('classes in distinct colors, or their numbers from 0'),
  }),
  measures: z.looseObject({
    classes: z.array(
      z.object({ color: z.string().describe('as #rrggbb'), pixels: count('pixels'), fraction: part('all pixels') }),
    ),
  }),
  run({ image, scope }, { classes, output }) {
    const rgb = toRgb(image, scope);
    const { centers, labels, counts } = clusterColors(rgb, classes, scope);
    // Numbered from dark to bright, so that the same class has the same number in similar images.
    const order = centers.map((_, i) => i).sort((a, b) => brightness(centers[a]) - brightness(centers[b]));
    const rank = order.map((_, i) => order.indexOf(i));
    const result =
      output === 'labels'
        ? mapSamples(labels, [(label) => rank[label] ?? 0], eightBits, scope)
        : paint(labels, rank.map(distinctColor), scope);
    const pixels = rgb.rows * rgb.cols;
    const measured = order.map((i) => ({
      color: hexOf(centers[i]),
      pixels: counts[i],
      fraction: counts[i] / pixels,
    }));
    return { image: result, measurements: { classes: measured } };
  },
});

function brightness([red, green, blue]: number[]): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
