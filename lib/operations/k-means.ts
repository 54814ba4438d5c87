import { z } from 'zod';
import { toRgb } from './channels.ts';
import { clusterColours } from './cluster-colours.ts';
import { distinctColour } from './colours.ts';
import { cv } from './cv.ts';
import { defineOperation } from './operation.ts';
import { hexOf } from './params.ts';

/** Segmentation by colour with k-means (Lloyd 1982; OpenCV `kmeans`). Use it where each material has a colour of its own: stained tissue, land cover. */
export const kMeans = defineOperation({
  name: 'k-means',
  title: 'Segment by colour (k-means)',
  group: 'segmentation',
  summary: 'Divides the picture into classes of similar colour, and measures each: stained tissue, land cover.',
  source: 'S. Lloyd, Least squares quantization in PCM, 1982; OpenCV kmeans',
  result: 'data',
  params: z.strictObject({
    classes: z.int().min(2).max(32).default(4).describe('how many classes'),
    output: z
      .enum(['colours', 'labels'])
      .default('colours')
      .describe('classes in distinct colours, or their numbers from 0'),
  }),
  run({ image, scope }, { classes, output }) {
    const rgb = toRgb(image, scope);
    const { centres, labels, counts } = clusterColours(rgb, classes);
    // Numbered from dark to bright, so that the same class has the same number in similar images.
    const order = centres.map((_, i) => i).sort((a, b) => brightness(centres[a]) - brightness(centres[b]));
    const rank = order.map((_, i) => order.indexOf(i));
    const result = scope.mat(rgb.rows, rgb.cols, output === 'labels' ? cv.CV_8UC1 : cv.CV_8UC3);
    const target = result.data as Uint8Array;
    for (let i = 0; i < labels.length; i++) {
      if (output === 'labels') target[i] = rank[labels[i]];
      else target.set(distinctColour(rank[labels[i]]), 3 * i);
    }
    const measured = order.map((i) => ({
      colour: hexOf(centres[i]),
      pixels: counts[i],
      fraction: counts[i] / labels.length,
    }));
    return { image: result, measurements: { classes: measured } };
  },
});

function brightness([red, green, blue]: number[]): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
