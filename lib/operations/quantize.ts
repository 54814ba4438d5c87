import { z } from 'zod';
import { toRgb } from './channels.ts';
import { clusterColours } from './cluster-colours.ts';
import { cv } from './cv.ts';
import { defineOperation } from './operation.ts';
import { hexOf } from './params.ts';

/** Colour quantisation by k-means (Lloyd 1982; OpenCV `kmeans` with k-means++ seeding). Use it for posters, and to learn the main colours of a picture. */
export const quantize = defineOperation({
  name: 'quantize',
  title: 'Reduce colours',
  group: 'colour',
  summary: 'Reduces the picture to a few colours, and says which and how much of each.',
  source: 'S. Lloyd, 1982; D. Arthur & S. Vassilvitskii, k-means++, 2007; OpenCV kmeans',
  params: z.strictObject({ colours: z.int().min(2).max(64).default(8).describe('how many colours are left') }),
  run({ image, scope }, { colours }) {
    const rgb = toRgb(image, scope);
    const { centres, labels, counts } = clusterColours(rgb, colours);
    const result = scope.mat(rgb.rows, rgb.cols, cv.CV_8UC3);
    const target = result.data as Uint8Array;
    for (let i = 0, p = 0; i < labels.length; i++, p += 3) target.set(centres[labels[i]], p);
    const palette = centres.map((centre, i) => ({ colour: hexOf(centre), fraction: counts[i] / labels.length }));
    return { image: result, measurements: { palette: palette.sort((a, b) => b.fraction - a.fraction) } };
  },
});
