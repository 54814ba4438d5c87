import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import type { GrayScale } from '../vision/gray-scale.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { reconstruct } from '../vision/reconstruct.ts';
import { checkSameSize } from '../vision/same-size.ts';
import { samplesOf } from '../vision/samples.ts';
import type { Scope } from '../vision/scope.ts';

/** Morphological reconstruction (Vincent 1993) of the first image under the second. Use it to have back, whole, the objects that a marker touches. */
export const reconstruction = defineOperation({
  name: 'reconstruction',
  title: 'Morphological reconstruction',
  group: 'two images',
  summary:
    'Grows the first picture, a marker, under the second, a mask: what the marker touches comes back whole, the rest goes.',
  source: 'L. Vincent, Morphological grayscale reconstruction in image analysis, 1993; as scikit-image reconstruction',
  maxDepth: 16,
  keepsValues: true,
  inputs: ['image', 'reference'],
  result: 'data',
  params: z.strictObject({
    connectivity: z.literal([4, 8]).default(8).describe('whether pixels that share only a corner are neighbors'),
    ...channelParam,
  }),
  run({ image, reference, gray, scope }, { connectivity, channel }) {
    checkSameSize(image, reference);
    const marker = channelOf(image, channel, scope);
    const { rows, cols } = marker;
    // Copies, as the heap may grow when the second channel is made.
    const seeds = samplesOf(marker).slice();
    const limit = samplesOf(ofDepth(channelOf(reference, channel, scope), marker, gray, scope)).slice();
    const grown = reconstruct(seeds, limit, rows, cols, connectivity);
    const result = scope.mat(rows, cols, marker.type());
    samplesOf(result).set(grown);
    return { image: result };
  },
});

/** The mask with samples as deep as the marker's. */
function ofDepth(mask: Mat, marker: Mat, { black, white }: GrayScale, scope: Scope): Mat {
  if (mask.type() === marker.type()) return mask;
  const converted = scope.mat();
  if (marker.elemSize1() === 2) mask.convertTo(converted, cv.CV_16U, (white - black) / 255, black);
  else mask.convertTo(converted, cv.CV_8U, 1 / 257);
  return converted;
}
