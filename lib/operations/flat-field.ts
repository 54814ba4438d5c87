import { z } from 'zod';
import { toRgb } from '../vision/channels.ts';
import { ratio } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import type { SampleValues } from '../vision/object-table.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { checkSameSize } from '../vision/same-size.ts';
import { whiteOf } from '../vision/samples.ts';
import type { Scope } from '../vision/scope.ts';

/** The least light that counts, a part of white or of the mean light: a dead pixel would make what lies there infinitely bright. */
const leastLight = 1 / 255;

/** Divides by an image of the empty field. Use it in microscopy and on copy stands, where the light is the same in every shot. */
export const flatField = defineOperation({
  name: 'flat-field',
  title: 'Flat-field correction',
  group: 'two images',
  summary: 'Evens out vignetting and uneven light by a second picture, of the empty field under the same light.',
  source: 'flat-field correction: (image − dark) · mean(flat − dark) / (flat − dark); OpenCV divide',
  inputs: ['image', 'reference'],
  maxDepth: 16,
  keepsValues: true,
  params: z.strictObject({
    dark: z
      .number()
      .min(0)
      .max(50)
      .default(0)
      .describe('what the camera delivers without light, of white')
      .meta({ unit: '%' }),
    sigma: z
      .number()
      .min(0)
      .max(100)
      .default(0)
      .describe('standard deviation of a Gaussian blur of the empty field, against its noise; 0 for none')
      .meta({ unit: 'px' }),
  }),
  measures: z.looseObject({
    leastGain: ratio('least factor of a sample'),
    mostGain: ratio('greatest factor of a sample'),
  }),
  run({ image, reference, imageValues, referenceValues, scope }, { dark, sigma }) {
    checkSameSize(image, reference);
    const color = image.channels() === 3 || reference.channels() === 3;
    const light = (mat: Mat, values: SampleValues) =>
      aboveDark(color ? toRgb(mat, scope) : mat, values, dark / 100, scope);
    const [shot, flat] = [light(image, imageValues), light(reference, referenceValues)];
    if (sigma > 0) cv.GaussianBlur(flat, flat, new cv.Size(0, 0), sigma);
    const values = flat.data32F as Float32Array;
    const given = values.reduce((sum, value) => sum + value, 0) / values.length;
    const floor = given > 0 ? leastLight * Math.min(1, given) : leastLight;
    for (let i = 0; i < values.length; i++) if (values[i] < floor) values[i] = floor;
    // The same for all channels, so that the color of the light goes too.
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    // Taken before the heap can grow, when this view of it would be dead.
    const measurements = { leastGain: round(mean / greatest(values)), mostGain: round(mean / least(values)) };
    cv.divide(shot, flat, shot, mean);
    const even = scope.mat();
    const { offset, factor } = imageValues;
    shot.convertTo(even, image.depth(), whiteOf(image) / factor, -offset / factor);
    return { image: even, measurements };
  },
});

/** The values of samples as parts of white, less what is there without light: images may have been spread over the samples each by its own range. */
function aboveDark(mat: Mat, { offset, factor }: SampleValues, dark: number, scope: Scope): Mat {
  const light = scope.mat();
  const white = whiteOf(mat);
  mat.convertTo(light, cv.CV_32F, factor / white, offset / white - dark);
  return light;
}

function greatest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function least(values: Float32Array): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
