import { z } from 'zod';
import { binaryParams } from '../vision/binary.ts';
import { count, objectReport, ratio, usedThreshold } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { channelOf } from '../vision/gray-channel.ts';
import { objectBoundaries, tintedObjects } from '../vision/object-drawing.ts';
import { labelImage, objectParams, reportObjects } from '../vision/object-report.ts';
import type { Mat } from '../vision/opencv.ts';
import type { Scope } from '../vision/scope.ts';
import { splitObjects } from '../vision/split-objects.ts';
import { tutorialWatershed } from '../vision/tutorial-watershed.ts';

const params = z.strictObject({
  ...binaryParams,
  method: z
    .enum(['depth', 'tutorial'])
    .default('depth')
    .describe(
      'depth: splits objects at their necks, with sizes relative to the objects, at any resolution; ' +
        "tutorial: the steps of OpenCV's tutorial, by gray values from thresholded markers",
    ),
  flatten: z.boolean().default(true).describe('even out the illumination before the threshold'),
  blur: z
    .number()
    .min(0)
    .max(20)
    .default(1.1)
    .describe(
      'standard deviation of a Gaussian blur before the threshold; 0 for none. With depth, of the reduced image',
    )
    .meta({ unit: 'px' }),
  opening: z.int().min(0).max(50).default(1).describe('rounds of 3 × 3 opening: specks and thin bridges go'),
  fillHoles: z.boolean().default(true).describe('close holes inside the objects; with depth, only small ones'),
  neck: z
    .number()
    .min(0.1)
    .max(1)
    .default(0.88)
    .describe('depth: objects part where a neck is narrower than this part of the smaller one'),
  minSize: z
    .number()
    .min(0)
    .max(100)
    .default(10)
    .describe('depth: objects smaller than this part of the usual object are left out')
    .meta({ unit: '%' }),
  clearBorder: z.boolean().default(false).describe('depth: leave out objects that touch the border of the image'),
  minArea: z
    .number()
    .min(0)
    .max(100)
    .default(0.05)
    .describe('tutorial: objects smaller than this part of the image are left out')
    .meta({ unit: '%' }),
  foregroundRatio: z
    .number()
    .min(0.05)
    .max(0.95)
    .default(0.5)
    .describe('tutorial: how far from its edge, as a part of the greatest distance, a pixel must be to seed a segment'),
  foregroundOf: z
    .enum(['object', 'image'])
    .default('object')
    .describe('tutorial: greatest distance of each object, or of the whole image (then small objects have no seed)'),
  ...objectParams,
  output: z
    .enum(['overlay', 'labels', 'boundaries'])
    .default('overlay')
    .describe(
      'what the result shows. labels: numbers of the table, in 16 bits; 32-bit TIFF if there are more than 65,535',
    ),
});

type Options = Omit<z.output<typeof params>, 'channel'>;

/** Watershed of the distance map from its relative maxima. Use it to part and count touching objects. */
export const watershed = defineOperation({
  name: 'watershed',
  title: 'Watershed segmentation',
  group: 'segmentation',
  summary: 'Separates touching objects, counts and measures them: cells, grains, coins.',
  source:
    'L. Vincent & P. Soille, Watersheds in digital spaces, 1991, on the distance map, with h-maxima of its logarithm as seeds ' +
    '(P. Soille, Morphological Image Analysis, 2003); tutorial: F. Meyer, Color image segmentation, 1992; OpenCV watershed',
  maxDepth: 16,
  result: ({ output }) => (output === 'overlay' ? 'picture' : output === 'labels' ? 'labels' : 'data'),
  params,
  usesOriginal: true,
  measures: z.looseObject({
    threshold: usedThreshold.threshold,
    polarity: z
      .enum(['bright', 'dark'])
      .optional()
      .describe('whether objects are brighter or darker than the background'),
    separation: ratio('standard deviations between objects and background; null without any spread')
      .nullable()
      .optional(),
    dropped: z.object({ small: count('objects below minSize'), border: count('objects at the border') }).optional(),
    segments: count('objects, with method tutorial').optional(),
    boundaryPixels: count('pixels on lines between objects, with method tutorial').optional(),
    ...objectReport,
  }),
  run(input, { channel, ...options }) {
    const { scope } = input;
    // Sizes and gaps decide, which 8 bits show as well; intensities are measured on all bits.
    const image = input.shown();
    const { labels, count, measured } = segment(image, channelOf(image, channel, scope), options, scope);
    const { count: measuredCount, ...report } = reportObjects(labels, count, input, options);
    return {
      image: draw(image, labels, count, options.output, scope),
      measurements: { count: measuredCount, ...measured, ...report },
    };
  },
});

function segment(image: Mat, gray: Mat, options: Options, scope: Scope) {
  if (options.method === 'tutorial') {
    const { labels, count, threshold, boundaryPixels } = tutorialWatershed(image, gray, options, scope);
    return { labels, count, measured: { segments: count, boundaryPixels, threshold } };
  }
  const split = splitObjects(gray, { ...options, minSize: options.minSize / 100 }, scope);
  const { labels, count, threshold, bright, separation, dropped } = split;
  return {
    labels,
    count,
    measured: { threshold, polarity: bright ? 'bright' : 'dark', separation: rounded(separation), dropped },
  };
}

function draw(image: Mat, labels: Mat, count: number, output: Options['output'], scope: Scope): Mat {
  if (output === 'labels') return labelImage(labels, count, scope);
  return output === 'boundaries' ? objectBoundaries(labels, scope) : tintedObjects(image, labels, scope);
}

/** Without a spread it has no end, which JSON cannot say. */
function rounded(separation: number): number | null {
  return Number.isFinite(separation) ? Math.round(separation * 100) / 100 : null;
}
