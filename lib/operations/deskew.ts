import { z } from 'zod';
import { onWhite, toGray } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { color, rgbOf } from '../vision/declaration/params.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { Scope } from '../vision/scope.ts';
import { rotated } from './rotate.ts';

/** The angle is sought on an image of this longer side, in pixels, in these steps, in degrees. */
const workSize = 800;
const coarseStep = 1;
const fineStep = 0.1;
/** By how much rows must differ more along lines than those of as many points at random. */
const leastSharpness = 5;

/** Levels lines of text by the projection profile (Postl 1986): the angle at which rows differ most. Use it on scanned pages. */
export const deskew = defineOperation({
  name: 'deskew',
  title: 'Deskew',
  group: 'geometry',
  summary: 'Levels a page that was scanned at an angle, by its lines of text.',
  source: 'W. Postl, Detection of linear oblique structures and skew scan in digitized documents, 1986',
  maxDepth: 16,
  keepsValues: true,
  alpha: 'transformed',
  params: z.strictObject({
    maxAngle: z.number().min(1).max(45).default(15).describe('largest angle looked for').meta({ unit: '°' }),
    background: color()
      .default('#ffffff')
      .describe('fills the corners, #rrggbb; those of an image with transparency are transparent'),
    canvas: z
      .enum(['grow', 'same'])
      .default('grow')
      .describe('grow: nothing is cut off; same: the result has the size of the image, and its corners may be cut off'),
  }),
  measures: z.looseObject({
    angle: z.number().describe('how far the lines were turned clockwise').meta({ unit: '°' }),
    linesFound: z.boolean().describe('whether there are lines of text'),
  }),
  run(input, { maxAngle, background, canvas }) {
    const { image, alpha, scope } = input;
    const skew = findSkew(toGray(onWhite(image, alpha, scope), scope), maxAngle);
    const measurements = { angle: skew ?? 0, linesFound: skew !== null };
    if (Math.abs(measurements.angle) < fineStep / 2) return { measurements };
    return { ...rotated(input, -measurements.angle, rgbOf(background), canvas), measurements };
  },
});

/** How far the lines are turned clockwise, in degrees; null where there are none, as on a blank page. */
function findSkew(gray: Mat, maxAngle: number): number | null {
  using scope = new Scope();
  const scale = Math.min(1, workSize / Math.max(gray.rows, gray.cols));
  const small = scope.mat();
  cv.resize(
    gray,
    small,
    new cv.Size(Math.max(1, Math.round(gray.cols * scale)), Math.max(1, Math.round(gray.rows * scale))),
    0,
    0,
    cv.INTER_AREA,
  );
  const ink = scope.mat();
  cv.threshold(small, ink, 0, 1, cv.THRESH_BINARY_INV + cv.THRESH_OTSU);
  ink.convertTo(ink, cv.CV_8U);
  const points: number[] = [];
  const pixels = ink.data as Uint8Array;
  for (let i = 0; i < pixels.length; i++) if (pixels[i]) points.push(i % ink.cols, Math.floor(i / ink.cols));
  const best = (from: number, to: number, step: number) => {
    const angles = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
    const scored = angles.map((angle) => ({ angle, score: sharpness(points, ink.cols + ink.rows, angle) }));
    return scored.reduce((a, b) => (b.score > a.score ? b : a));
  };
  const coarse = best(-maxAngle, maxAngle, coarseStep).angle;
  const fine = best(Math.max(-maxAngle, coarse - coarseStep), Math.min(maxAngle, coarse + coarseStep), fineStep);
  // Each row of random points differs from the next by the variance of both counts, all rows by twice the number of points.
  const atRandom = points.length;
  if (atRandom === 0 || fine.score < leastSharpness * atRandom) return null;
  return Math.round(fine.angle / fineStep) * fineStep;
}

/** Sum of squared differences between neighboring rows of the profile along lines turned clockwise by the angle. */
function sharpness(points: number[], size: number, angle: number): number {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const profile = new Float64Array(2 * size);
  for (let i = 0; i < points.length; i += 2) profile[Math.round(points[i + 1] * cos - points[i] * sin) + size]++;
  let sum = 0;
  for (let i = 1; i < profile.length; i++) sum += (profile[i] - profile[i - 1]) ** 2;
  return sum;
}
