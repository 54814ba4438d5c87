import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { cv } from '../vision/opencv.ts';
import { reconstruct } from '../vision/reconstruct.ts';
import { checkSameSize } from '../vision/same-size.ts';

/** Morphological reconstruction (Vincent 1993) of the first image under the second. Use it to have back, whole, the objects that a marker touches. */
export const reconstruction = defineOperation({
  name: 'reconstruction',
  title: 'Morphological reconstruction',
  group: 'two images',
  summary:
    'Grows the first picture, a marker, under the second, a mask: what the marker touches comes back whole, the rest goes.',
  source: 'L. Vincent, Morphological grayscale reconstruction in image analysis, 1993; as scikit-image reconstruction',
  inputs: ['image', 'reference'],
  result: 'data',
  params: z.strictObject({
    connectivity: z.literal([4, 8]).default(8).describe('whether pixels that share only a corner are neighbors'),
    ...channelParam,
  }),
  run({ image, reference, scope }, { connectivity, channel }) {
    checkSameSize(image, reference);
    const marker = channelOf(image, channel, scope);
    const { rows, cols } = marker;
    // Copies, as the heap may grow when the second channel is made.
    const seeds = (marker.data as Uint8Array).slice();
    const limit = (channelOf(reference, channel, scope).data as Uint8Array).slice();
    const grown = reconstruct(seeds, limit, rows, cols, connectivity);
    const result = scope.mat(rows, cols, cv.CV_8UC1);
    (result.data as Uint8Array).set(grown);
    return { image: result };
  },
});
