import { z } from 'zod';
import { maxListedObjects } from '../limits.ts';
import { scaleOf } from '../vision/binary.ts';
import { findSpots, type Spot } from '../vision/blobs.ts';
import { canvasOf } from '../vision/channels.ts';
import { count, grayValue, length, point, truncated } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { pixels } from '../vision/declaration/params.ts';
import { lineWidth } from '../vision/drawing.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { samplesPerGray } from '../vision/gray-scale.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import type { Scope } from '../vision/scope.ts';

/** Spots by the Laplacian of Gaussians over scales (Lindeberg 1998). Use it for foci, vesicles, colonies, stars: round and small things, also where they touch. */
export const spots = defineOperation({
  name: 'spots',
  title: 'Spots (LoG)',
  group: 'detection',
  summary:
    'Finds and counts round spots of any size in a range: FISH foci, vesicles, colonies, particles, stars. Blob detection.',
  source: 'T. Lindeberg, Feature detection with automatic scale selection, 1998; as scikit-image blob_log',
  maxDepth: 16,
  params: z
    .strictObject({
      minDiameter: pixels(2, 1000).default(5).describe('the smallest spot'),
      maxDiameter: pixels(2, 1000).default(20).describe('the largest spot'),
      contrast: z
        .number()
        .min(1)
        .max(255)
        .default(20)
        .describe('gray values by which a spot differs from what is around it'),
      objects: z.enum(['bright', 'dark']).default('bright').describe('whether spots are brighter than their ground'),
      ...channelParam,
    })
    .refine(({ minDiameter, maxDiameter }) => minDiameter <= maxDiameter, {
      path: ['minDiameter'],
      error: 'must not be above maxDiameter',
    }),
  measures: z.looseObject({
    count: count('spots'),
    truncated,
    spots: z.array(
      point.extend({
        diameter: length('of the disc that answers most'),
        contrast: grayValue('difference between spot and ground'),
      }),
    ),
  }),
  run({ image, gray: scale, shown, scope }, { objects, channel, ...options }) {
    let gray = channelOf(image, channel, scope);
    const perGray = samplesPerGray(scaleOf(channel, gray, scale));
    if (objects === 'dark') {
      const negative = scope.mat();
      cv.bitwise_not(gray, negative);
      gray = negative;
    }
    const found = findSpots(gray, { ...options, contrast: options.contrast * perGray });
    const listed = found.slice(0, maxListedObjects);
    return {
      image: drawn(shown(), listed, scope),
      measurements: {
        count: found.length,
        truncated: found.length > listed.length,
        spots: listed.map((spot) => rounded(spot, perGray)),
      },
    };
  },
});

function drawn(image: Mat, spots: readonly Spot[], scope: Scope): Mat {
  const canvas = canvasOf(image, scope);
  const color = new cv.Scalar(60, 220, 90);
  for (const { x, y, diameter } of spots)
    cv.circle(
      canvas,
      new cv.Point(Math.round(x), Math.round(y)),
      Math.max(1, Math.round(diameter / 2)),
      color,
      lineWidth(canvas),
      cv.LINE_AA,
    );
  return canvas;
}

function rounded(spot: Spot, perGray: number): Spot {
  const round = (value: number) => Math.round(value * 100) / 100;
  return {
    x: round(spot.x),
    y: round(spot.y),
    diameter: round(spot.diameter),
    contrast: round(spot.contrast / perGray),
  };
}
