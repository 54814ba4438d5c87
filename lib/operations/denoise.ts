import { z } from 'zod';
import { grayValue } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { guidedFilter } from '../vision/guided-filter.ts';
import { noiseOf } from '../vision/noise.ts';
import { nonLocalMeans } from '../vision/non-local-means.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { Scope } from '../vision/scope.ts';

/** Non-local means (Buades 2005), or a self-guided filter (He 2013) per channel. Use it against sensor noise: flat areas are smoothed, edges and texture stay. */
export const denoise = defineOperation({
  name: 'denoise',
  title: 'Denoise',
  group: 'filter',
  summary: 'Takes out noise, as much as there is, and leaves edges and texture alone.',
  source:
    'A. Buades, B. Coll & J.-M. Morel, Non-Local Means Denoising, 2011; noise: D. Donoho & I. Johnstone, 1994; K. He, Guided Image Filtering, 2013',
  params: z.strictObject({
    method: z
      .enum(['non-local-means', 'guided'])
      .default('non-local-means')
      .describe('non-local-means: averages what looks alike; guided: a faster filter, whose strength is to be set'),
    noise: z
      .number()
      .min(0)
      .max(60)
      .optional()
      .describe(
        'of non-local-means: standard deviation of the noise, in gray values; default: estimated, which takes images of up to 50 megapixels',
      ),
    search: z
      .int()
      .min(1)
      .max(10)
      .default(5)
      .describe('of non-local-means: half the side of the square in which similar patches are sought')
      .meta({ unit: 'px' }),
    radius: z
      .int()
      .min(1)
      .max(50)
      .default(4)
      .describe('of guided: half the side of the neighborhood')
      .meta({ unit: 'px' }),
    strength: z
      .number()
      .min(1)
      .max(100)
      .default(12)
      .describe('of guided: standard deviation, in gray values, below which variation counts as noise'),
  }),
  measures: z.looseObject({
    noise: grayValue('standard deviation of the noise that was found'),
  }),
  // An estimate needs the whole image, and so do the running sums of the guided filter.
  halo: ({ method, noise, search }) =>
    method === 'non-local-means' && noise !== undefined ? search + greatestPatch : null,
  run({ image, scope }, { method, noise, search, radius, strength }) {
    if (method === 'guided') return { image: guided(image, radius, strength, scope) };
    const sigma = noise ?? Math.min(maxNoise, noiseOf(image));
    return { image: nonLocalMeans(image, sigma, search, scope), measurements: { noise: sigma } };
  },
});

/** Rows of a patch above or below its middle, at most. */
const greatestPatch = 3;

/** Beyond it, what is taken for noise is texture. */
const maxNoise = 60;

function guided(image: Mat, radius: number, strength: number, scope: Scope): Mat {
  const planes = scope.own(new cv.MatVector());
  cv.split(image, planes);
  const filtered = scope.own(new cv.MatVector());
  for (let c = 0; c < image.channels(); c++) {
    using planeScope = new Scope();
    filtered.push_back(guidedFilter(planeScope.own(planes.get(c)), radius, strength ** 2, planeScope));
  }
  const result = scope.mat();
  cv.merge(filtered, result);
  return result;
}
