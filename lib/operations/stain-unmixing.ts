import { z } from 'zod';
import { problem } from '../problems.ts';
import { ratio } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import type { Scope } from '../vision/scope.ts';
import { determinantOf, type Stain, type StainVectors, stainNames, usualStains } from '../vision/stains.ts';
import { amountsOf, unmixStains } from '../vision/unmix-stains.ts';

const density = z.number().min(0).max(1);
const vector = z.tuple([density, density, density]);

/** Stains that look the same cannot be told apart: below this volume of their unit vectors noise decides. */
const leastVolume = 0.001;

const params = z.strictObject({
  stain: z.enum(stainNames).default('hematoxylin').describe('the stain that the result shows'),
  output: z
    .enum(['gray', 'color'])
    .default('gray')
    .describe(
      'gray: brighter where there is more of the stain; color: the slide as it would look with this stain alone',
    ),
  vectors: z
    .strictObject({ hematoxylin: vector, eosin: vector, dab: vector })
    .refine((vectors) => Math.abs(determinantOf(vectors)) >= leastVolume, { error: 'must be three different stains' })
    .default(usualStains)
    .describe('optical density of each stain in red, green and blue, as measured on slides with one stain'),
});

/** Color deconvolution of stained slides (Ruifrok & Johnston 2001). Use it where nuclei, or an antibody's brown, are to be counted or measured. */
export const stainUnmixing = defineOperation({
  name: 'stain-unmixing',
  title: 'Unmix stains',
  group: 'color',
  summary:
    'Separates the stains of a histology slide (hematoxylin, eosin, DAB; H&E, IHC) and tells how much of each there is.',
  source:
    'A. Ruifrok & D. Johnston, Quantification of histochemical staining by color deconvolution, 2001; as scikit-image separate_stains',
  params,
  measures: z.looseObject({
    meanDensity: z
      .record(z.enum(stainNames), ratio('to base 10'))
      .describe('mean optical density of each stain, to base 10'),
  }),
  run({ image, scope }, { stain, output, vectors }) {
    if (image.channels() === 1) throw problem('operation-failed', 'A gray image has no stains to separate.');
    const { shown, means } =
      output === 'gray' ? grayOf(image, stain, vectors, scope) : colored(image, stain, vectors, scope);
    const densities = stainNames.map((name) => [name, means[name] * Math.LOG10E]);
    return { image: shown, measurements: { meanDensity: Object.fromEntries(densities) } };
  },
});

function grayOf(image: Mat, stain: Stain, vectors: StainVectors, scope: Scope) {
  const { gray, means } = unmixStains(image, vectors, stain, scope);
  return { shown: gray, means: means() };
}

/** White light through so much of the stain. */
function colored(image: Mat, stain: Stain, vectors: StainVectors, scope: Scope) {
  const shown = scope.mat(image.rows, image.cols, cv.CV_8UC3);
  const { amounts, means } = amountsOf(image, vectors, stain, scope);
  const [source, target] = [amounts.data32F as Float32Array, shown.data as Uint8Array];
  for (let i = 0, p = 0; i < source.length; i++)
    for (const absorbance of vectors[stain]) target[p++] = Math.round(255 * Math.exp(-source[i] * absorbance));
  return { shown, means };
}
