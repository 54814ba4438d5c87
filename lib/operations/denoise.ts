import { z } from 'zod';
import { grayValue } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { type GrayScale, grayOf, samplesPerGray } from '../vision/gray-scale.ts';
import { guidedFilter } from '../vision/guided-filter.ts';
import { noiseOf } from '../vision/noise.ts';
import { nonLocalMeans } from '../vision/non-local-means.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { samplesOf } from '../vision/samples.ts';
import { Scope } from '../vision/scope.ts';

/** Non-local means (Buades 2005), or a self-guided filter (He 2013) per channel. Use it against sensor noise: flat areas are smoothed, edges and texture stay. */
export const denoise = defineOperation({
  name: 'denoise',
  title: 'Denoise',
  group: 'filter',
  summary: 'Takes out noise, as much as there is, and leaves edges and texture alone.',
  source:
    'A. Buades, B. Coll & J.-M. Morel, Non-Local Means Denoising, 2011; noise: D. Donoho & I. Johnstone, 1994; K. He, Guided Image Filtering, 2013',
  maxDepth: 16,
  keepsValues: true,
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
  run({ image, gray, scope }, { method, noise, search, radius, strength }) {
    if (method === 'guided') return { image: guided(image, gray, radius, strength, scope) };
    const sigma = noise ?? Math.min(maxNoise, noiseOf(image) / samplesPerGray(gray));
    const denoised =
      image.elemSize1() === 2
        ? deepNonLocalMeans(image, gray, sigma, search, scope)
        : nonLocalMeans(image, sigma, search, scope);
    return { image: denoised, measurements: { noise: sigma } };
  },
});

/** Rows of a patch above or below its middle, at most. */
const greatestPatch = 3;

/** Pixels of 16 bits that are denoised at once: copies of all would not fit on the heap. */
const bandPixels = 2e6;

/** Beyond it, what is taken for noise is texture. */
const maxNoise = 60;

/** Samples are spread so that their upper 8 bits, which are compared, are gray values; where some lie beyond black and white, over the whole range that there is. */
function deepNonLocalMeans(image: Mat, gray: GrayScale, sigma: number, search: number, scope: Scope): Mat {
  const samples = samplesOf(image);
  let [least, greatest] = [samples[0], samples[0]];
  for (let i = 1; i < samples.length; i++) {
    if (samples[i] < least) least = samples[i];
    else if (samples[i] > greatest) greatest = samples[i];
  }
  const isWithin = least >= gray.black && grayOf(gray, greatest) < 256;
  const { black, white } = isWithin ? gray : { black: least, white: Math.max(least + 1, greatest) };
  const factor = (255 * 256) / (white - black);
  const halo = search + greatestPatch;
  const rows = Math.max(1, Math.floor(bandPixels / image.cols));
  const result = scope.mat(image.rows, image.cols, image.type());
  for (let top = 0; top < image.rows; top += rows) {
    using band = new Scope();
    const bottom = Math.min(image.rows, top + rows);
    const [from, to] = [Math.max(0, top - halo), Math.min(image.rows, bottom + halo)];
    const spread = band.mat();
    band
      .own(image.roi(new cv.Rect(0, from, image.cols, to - from)))
      .convertTo(spread, cv.CV_16U, factor, -black * factor);
    const denoised = nonLocalMeans(spread, sigma * samplesPerGray(gray) * factor, search, band);
    const inner = band.own(denoised.roi(new cv.Rect(0, top - from, image.cols, bottom - top)));
    const place = band.own(result.roi(new cv.Rect(0, top, image.cols, bottom - top)));
    inner.convertTo(place, cv.CV_16U, 1 / factor, black);
  }
  return result;
}

function guided(image: Mat, gray: GrayScale, radius: number, strength: number, scope: Scope): Mat {
  const planes = scope.own(new cv.MatVector());
  cv.split(image, planes);
  const filtered = scope.own(new cv.MatVector());
  for (let c = 0; c < image.channels(); c++) {
    using planeScope = new Scope();
    filtered.push_back(guidedFilter(planeScope.own(planes.get(c)), gray, radius, strength ** 2, planeScope));
  }
  const result = scope.mat();
  cv.merge(filtered, result);
  return result;
}
