import { z } from 'zod';
import { canvasOf, toGray, toRgb } from '../vision/channels.ts';
import { count, length, point } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { type Features, findFeatures } from '../vision/features.ts';
import { type Homography, mapPoint, meanDistance, type Point } from '../vision/homography.ts';
import { nearestDescriptors } from '../vision/nearest-descriptors.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { distinctColor } from '../vision/palette.ts';
import { refineHomography } from '../vision/refine-homography.ts';
import type { Scope } from '../vision/scope.ts';

/** What matching finds, in operations that do more with it too. */
export const matchMeasures = z.looseObject({
  keypoints: z.object({ image: count('points found'), reference: count('points found') }),
  matches: count('matches'),
  inliers: count('matches that agree on a homography'),
  refusal: z.string().nullable().describe('why there is no homography'),
  homography: z.array(z.array(z.number())).nullable().describe('3 × 3, from the image to the reference'),
  corners: z.array(point).nullable().describe('of the image, in the reference'),
  meanReprojectionError: length('mean distance of the inliers from where the homography maps them').nullable(),
});

const params = z.strictObject({
  detector: z.enum(['orb', 'akaze']).default('orb').describe('orb is fast; akaze copes better with blur and scale'),
  maxFeatures: z
    .int()
    .min(50)
    .max(20_000)
    .default(2000)
    .describe('maximum number of keypoints in each image, strongest first'),
  ratio: z
    .number()
    .min(0.3)
    .max(1)
    .default(0.75)
    .describe("Lowe's test: a match must be this much closer than the second best"),
  crossCheck: z.boolean().default(false).describe('keep only matches that are the best in both directions'),
  ransacThreshold: z
    .number()
    .min(0.5)
    .max(50)
    .default(4)
    .describe('how far off a match may be and still support the homography')
    .meta({ unit: 'px' }),
  minInliers: z
    .int()
    .min(4)
    .max(1000)
    .default(10)
    .describe('matches that must support the homography: four agree by chance'),
  refine: z
    .boolean()
    .default(true)
    .describe('estimate the homography again from corners that are followed to a fraction of a pixel'),
  output: z
    .enum(['matches', 'warped'])
    .default('matches')
    .describe('the matches drawn side by side, or the reference laid over the image'),
  maxDrawn: z.int().min(0).max(2000).default(100).describe('maximum number of matches drawn, best first'),
});
export type MatchOptions = z.output<typeof params>;

/** RANSAC needs four matches for a homography. */
const minMatches = 4;
const ransacIterations = 2000;
const ransacConfidence = 0.995;

/** Feature matching (ORB: Rublee 2011; AKAZE: Alcantarilla 2013) with a homography by locally optimized RANSAC (USAC: Raguram 2013). Use it to find an object in a scene, or to align two shots. */
export const featureMatching = defineOperation({
  name: 'feature-matching',
  title: 'Feature matching',
  group: 'two images',
  summary: 'Finds the same points in two images and the perspective that maps the image onto the reference.',
  source:
    'E. Rublee, ORB, 2011; P. Alcantarilla, AKAZE, 2013; D. Lowe, ratio test, 2004; OpenCV findHomography (USAC), calcOpticalFlowPyrLK',
  inputs: ['image', 'reference'],
  params,
  measures: matchMeasures.extend({
    pairs: z.array(z.object({ image: point, reference: point })).describe('the best matches, those that are drawn'),
  }),
  run({ image, reference, scope }, options) {
    const { homography, matches, inliers, measurements } = matchFeatures(image, reference, options, scope);
    const shown = inliers.length > 0 ? inliers : matches;
    const best = shown.toSorted((a, b) => a.distance - b.distance).slice(0, options.maxDrawn);
    const result =
      options.output === 'warped'
        ? warpOnto(image, reference, homography, scope)
        : drawSideBySide(image, reference, best, scope);
    const pairs = best.map(({ a, b }) => ({ image: a, reference: b }));
    return { image: result, measurements: { ...measurements, pairs } };
  },
});

/** Matches two images; what is not given of the options is at its default. */
export function matchFeatures(image: Mat, reference: Mat, given: Partial<MatchOptions>, scope: Scope) {
  const options = { ...params.parse({}), ...given };
  const [gray, grayReference] = [toGray(image, scope), toGray(reference, scope)];
  const from = findFeatures(gray, options, scope);
  const to = findFeatures(grayReference, options, scope);
  const matches = match(from, to, options);
  const aligned = align(matches, options, scope);
  const refusal = refusalOf(aligned, image, matches.length, options.minInliers);
  const { inliers } = aligned;
  let homography = refusal === null ? aligned.homography : null;
  if (homography && options.refine) homography = refineHomography(gray, grayReference, homography);
  const measurements = {
    keypoints: { image: from.points.length, reference: to.points.length },
    matches: matches.length,
    inliers: inliers.length,
    refusal,
    homography: homography && [homography.slice(0, 3), homography.slice(3, 6), homography.slice(6, 9)],
    corners: homography && cornersOf(image).map((corner) => mapPoint(homography, corner)),
    meanReprojectionError: homography && meanDistance(inliers.map(({ a, b }) => [mapPoint(homography, a), b] as const)),
  };
  return { homography, refusal, matches, inliers, measurements };
}

/** Why no homography is given; null where one is. */
function refusalOf({ homography, inliers }: Alignment, image: Mat, matches: number, minInliers: number): string | null {
  if (inliers.length < minInliers)
    return `Too few matches agree: ${inliers.length} of ${matches}, and ${minInliers} are needed.`;
  if (homography && isSingleQuad(cornersOf(image).map((corner) => mapPoint(homography, corner)))) return null;
  return 'The matches agree on no perspective: the edges of the image would cross.';
}

/** Whether the corners go around a convex quadrilateral, as those of a plane seen from its front do. */
function isSingleQuad(corners: readonly Point[]): boolean {
  const turns = corners.map((p, i) => {
    const [q, r] = [corners[(i + 1) % 4], corners[(i + 2) % 4]];
    return Math.sign((q.x - p.x) * (r.y - q.y) - (q.y - p.y) * (r.x - q.x));
  });
  return turns[0] !== 0 && turns.every((turn) => turn === turns[0]);
}

/** A match between keypoint `queryIdx` of the image, at `a`, and `trainIdx` of the reference, at `b`. */
interface Match {
  queryIdx: number;
  trainIdx: number;
  distance: number;
  a: Point;
  b: Point;
}

function match(from: Features, to: Features, { ratio, crossCheck }: MatchOptions): Match[] {
  // The nearest is compared with the second nearest.
  if (from.descriptors.rows < 1 || to.descriptors.rows < 2) return [];
  const nearest = nearestDescriptors(from.descriptors, to.descriptors);
  const back = crossCheck ? nearestDescriptors(to.descriptors, from.descriptors) : null;
  const matches: Match[] = [];
  for (const [queryIdx, { index: trainIdx, distance, second }] of nearest.entries()) {
    if (distance >= ratio * second || (back && back[trainIdx].index !== queryIdx)) continue;
    matches.push({ queryIdx, trainIdx, distance, a: from.points[queryIdx], b: to.points[trainIdx] });
  }
  return matches;
}

interface Alignment {
  /** From image to reference; null where there is none. */
  homography: Homography | null;
  /** The matches that support it. */
  inliers: Match[];
}

function align(matches: Match[], { ransacThreshold: threshold }: MatchOptions, scope: Scope): Alignment {
  const none = { homography: null, inliers: [] };
  if (matches.length < minMatches) return none;
  const points = (side: 'a' | 'b') => {
    const flat = matches.flatMap((m) => [m[side].x, m[side].y]);
    return scope.own(cv.matFromArray(matches.length, 1, cv.CV_32FC2, flat));
  };
  const mask = scope.mat();
  const found = scope.own(
    cv.findHomography(points('a'), points('b'), cv.USAC_DEFAULT, threshold, mask, ransacIterations, ransacConfidence),
  );
  if (found.empty()) return none;
  const supports = mask.data as Uint8Array;
  return { homography: Array.from(found.data64F) as Homography, inliers: matches.filter((_, i) => supports[i]) };
}

/** Image and reference beside each other, the matches joined by lines. */
function drawSideBySide(image: Mat, reference: Mat, matches: Match[], scope: Scope): Mat {
  const rows = Math.max(image.rows, reference.rows);
  const canvas = scope.own(cv.Mat.zeros(rows, image.cols + reference.cols, cv.CV_8UC3));
  for (const [part, left] of [
    [image, 0],
    [reference, image.cols],
  ] as const) {
    const place = scope.own(canvas.roi(new cv.Rect(left, 0, part.cols, part.rows)));
    toRgb(part, scope).copyTo(place);
  }
  const width = Math.max(1, Math.round(rows / 600));
  for (const [i, { a, b }] of matches.entries()) {
    const color = new cv.Scalar(...distinctColor(i));
    const [from, to] = [new cv.Point(a.x, a.y), new cv.Point(image.cols + b.x, b.y)];
    cv.line(canvas, from, to, color, width, cv.LINE_AA);
    for (const end of [from, to]) cv.circle(canvas, end, 3 * width, color, width, cv.LINE_AA);
  }
  return canvas;
}

/** The reference, seen from where the image was taken, half over the image; the image alone where the two don't match. */
function warpOnto(image: Mat, reference: Mat, homography: Homography | null, scope: Scope): Mat {
  const canvas = canvasOf(image, scope);
  if (!homography) return canvas;
  const matrix = scope.own(cv.matFromArray(3, 3, cv.CV_64FC1, homography));
  const size = new cv.Size(image.cols, image.rows);
  const flags = cv.INTER_LINEAR + cv.WARP_INVERSE_MAP;
  const warped = scope.mat();
  cv.warpPerspective(toRgb(reference, scope), warped, matrix, size, flags);
  const everywhere = scope.own(cv.Mat.ones(reference.rows, reference.cols, cv.CV_8UC1));
  const covered = scope.mat();
  cv.warpPerspective(everywhere, covered, matrix, size, cv.INTER_NEAREST + cv.WARP_INVERSE_MAP);
  const blended = scope.mat();
  cv.addWeighted(canvas, 0.5, warped, 0.5, 0, blended);
  blended.copyTo(canvas, covered);
  return canvas;
}

function cornersOf({ cols, rows }: Mat): Point[] {
  return [
    { x: 0, y: 0 },
    { x: cols, y: 0 },
    { x: cols, y: rows },
    { x: 0, y: rows },
  ];
}
