import { z } from 'zod';
import { problem } from '../problems.ts';
import { saidThreshold, scaleOf } from '../vision/binary.ts';
import { countNonZero } from '../vision/count.ts';
import { part, usedThreshold } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { sampleOf } from '../vision/gray-scale.ts';
import { liThreshold, yenThreshold } from '../vision/histogram-thresholds.ts';
import type { SampleValues } from '../vision/object-table.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { histogramOf } from '../vision/sample-statistics.ts';
import { samplesOf } from '../vision/samples.ts';
import { Scope } from '../vision/scope.ts';

/** Global threshold: given, or by one of four methods. Use it where objects and background differ in brightness everywhere. */
export const threshold = defineOperation({
  name: 'threshold',
  title: 'Threshold',
  group: 'threshold',
  summary: 'Separates bright from dark, at a given value or at one found from the histogram: Otsu, triangle, Li, Yen.',
  source:
    'N. Otsu, 1979; G. Zack, W. Rogers & S. Latt, 1977; C. Li & P. Tam, 1998; J. Yen, F. Chang & S. Chang, 1995; OpenCV threshold',
  maxDepth: 16,
  result: 'data',
  params: z.strictObject({
    method: z
      .enum(['otsu', 'triangle', 'li', 'yen', 'value'])
      .default('otsu')
      .describe('triangle, li: few or faint objects; yen: few bright ones; value: as given'),
    value: z.number().min(0).max(255).default(128).describe('the threshold of method value: brighter is white'),
    fileValue: z
      .number()
      .min(-1e12)
      .max(1e12)
      .optional()
      .describe(
        'in place of `value`, for an image of more than 8 bits: the threshold in the values of the file, as counts of a camera or Hounsfield units',
      ),
    invert: z.boolean().default(false).describe('make the dark side white'),
    ...channelParam,
  }),
  measures: z.looseObject({ ...usedThreshold, foregroundFraction: part('all pixels that is white') }),
  run({ image, scope, ...brightness }, { method, value, fileValue, invert, channel }) {
    const gray = channelOf(image, channel, scope);
    const scale = scaleOf(channel, gray, brightness.gray);
    const find = {
      otsu: () => openCvThreshold(gray, cv.THRESH_OTSU),
      triangle: () => triangleOf(gray),
      li: () => liThreshold(histogramOf(gray)),
      yen: () => yenThreshold(histogramOf(gray)),
      value: () =>
        fileValue === undefined ? sampleOf(scale, value) : sampleOfFile(fileValue, gray, brightness.imageValues),
    };
    const used = find[method]();
    const binary = scope.mat(gray.rows, gray.cols, cv.CV_8UC1);
    if (gray.elemSize1() === 1) cv.threshold(gray, binary, used, 255, invert ? cv.THRESH_BINARY_INV : cv.THRESH_BINARY);
    else splitDeep(gray, binary, used, invert);
    return {
      image: binary,
      measurements: {
        ...saidThreshold(used, gray, channel, brightness),
        foregroundFraction: countNonZero(binary) / (binary.rows * binary.cols),
      },
    };
  },
});

/** Throws `invalid-parameter` where samples have 8 bits, and stand for themselves. */
function sampleOfFile(value: number, gray: Mat, { offset, factor }: SampleValues): number {
  if (gray.elemSize1() === 2) return factor === 0 ? offset : (value - offset) / factor;
  throw problem('invalid-parameter', 'fileValue is for images of more than 8 bits; this one has 8.', {
    field: 'fileValue',
  });
}

function openCvThreshold(gray: Mat, method: number): number {
  using scope = new Scope();
  return cv.threshold(gray, scope.mat(), 0, 255, cv.THRESH_BINARY + method);
}

/** OpenCV has the triangle of 8 bits; with more, samples are counted in 256 steps from the least to the greatest. */
function triangleOf(gray: Mat): number {
  if (gray.elemSize1() === 1) return openCvThreshold(gray, cv.THRESH_TRIANGLE);
  using scope = new Scope();
  const counts = histogramOf(gray);
  const [least, greatest] = [counts.findIndex((count) => count > 0), counts.findLastIndex((count) => count > 0)];
  if (least === greatest) return least;
  const step = (greatest - least) / 255;
  const steps = scope.mat();
  gray.convertTo(steps, cv.CV_8U, 1 / step, -least / step);
  return least + (openCvThreshold(steps, cv.THRESH_TRIANGLE) + 0.5) * step;
}

function splitDeep(gray: Mat, binary: Mat, level: number, invert: boolean): void {
  const [source, target] = [samplesOf(gray), binary.data as Uint8Array];
  const [bright, dark] = invert ? [0, 255] : [255, 0];
  for (let i = 0; i < target.length; i++) target[i] = source[i] > level ? bright : dark;
}
