/**
 * Makes a homography exact to a fraction of a pixel: what is still shifted after it is measured by optical flow around corners
 * (Lucas & Kanade 1981; Bouguet's pyramids, OpenCV `calcOpticalFlowPyrLK`), and the homography estimated again.
 */
import { followPoints, type Pair } from './follow-points.ts';
import { type Homography, mapPoint, type Point } from './homography.ts';
import { cv, kernels, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';
import { spacedCorners } from './spaced-corners.ts';

/** Corners that are followed, at least so far apart, as a part of the image's shorter side. */
const maxCorners = 600;
/** With fewer corners of contrast, places of less detail are looked for too. */
const enoughCorners = 200;
const cornerQuality = 0.01;
const cornerSpacing = 0.012;
/** Side of the window that is compared around each corner, and levels of the pyramid: feature matches are off by a few pixels. */
const windowSide = 21;
const pyramidLevels = 1;
/** Corners whose windows differ by more gray values than this on average show something else. */
const maxDifference = 24;
/** How far off a corner may be and still support the homography, in pixels. */
const ransacThreshold = 1;
const ransacIterations = 2000;
const ransacConfidence = 0.995;
/** With fewer corners the homography is left as it is. */
const minCorners = 20;
/** So many pixels tell how bright both are. */
const lightSamples = 40_000;
const rounds = 2;
/** A round that moves no corner by so many pixels is the last. */
const enough = 0.1;
/** Corners are looked for in no more pixels. */
const cornerPixels = 5e5;

/** The homography from `image` to `reference` (both gray, 8-bit), from one that is off by a few pixels; the same where too little can be followed. */
export function refineHomography(image: Mat, reference: Mat, homography: Homography): Homography {
  const corners = cornersOf(image);
  let refined = homography;
  for (let round = 0; round < rounds; round++) {
    const pairs = follow(image, reference, refined, corners, round > 0);
    const next = pairs.length >= minCorners ? estimate(pairs) : null;
    if (!next) break;
    const change = corners.map((corner) => distance(mapPoint(refined, corner), mapPoint(next, corner)));
    refined = next;
    if (Math.max(...change) < enough) break;
  }
  return refined;
}

/** Places with detail in all directions. They need not be exact, so a large image is looked at reduced. */
function cornersOf(image: Mat): Point[] {
  using scope = new Scope();
  const scale = Math.min(1, Math.sqrt(cornerPixels / (image.rows * image.cols)));
  let small = image;
  if (scale < 1) {
    small = scope.mat();
    const size = new cv.Size(Math.round(image.cols * scale), Math.round(image.rows * scale));
    cv.resize(image, small, size, 0, 0, cv.INTER_AREA);
  }
  const spacing = Math.max(3, cornerSpacing * Math.min(small.rows, small.cols));
  const inImage = ({ x, y }: Point) => ({
    x: ((x + 0.5) * image.cols) / small.cols - 0.5,
    y: ((y + 0.5) * image.rows) / small.rows - 0.5,
  });
  const strong = kernels ? spacedCorners(kernels, small, maxCorners, cornerQuality, spacing) : [];
  if (strong.length >= enoughCorners) return strong.map(inImage);
  // Of low contrast, or without kernels.
  const found = scope.mat();
  cv.goodFeaturesToTrack(small, found, maxCorners, cornerQuality, spacing, scope.mat(), 5);
  const at = found.data32F as Float32Array;
  return Array.from({ length: found.rows }, (_, i) => inImage({ x: at[2 * i], y: at[2 * i + 1] }));
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Those of the corners that the reference covers, with the points of the reference that look the same. */
function follow(image: Mat, reference: Mat, homography: Homography, all: readonly Point[], isNear: boolean): Pair[] {
  const isCovered = ({ x, y }: Point) =>
    [-1, 1].every((dx) =>
      [-1, 1].every((dy) =>
        holds(reference, mapPoint(homography, { x: x + (dx * windowSide) / 2, y: y + (dy * windowSide) / 2 })),
      ),
    );
  const corners = all.filter(isCovered);
  if (corners.length === 0) return [];
  return kernels
    ? followPoints(kernels, image, reference, homography, corners, isNear)
    : followByFlow(image, reference, homography, corners);
}

/** As `followPoints`, where there are no kernels. */
function followByFlow(image: Mat, reference: Mat, homography: Homography, inside: readonly Point[]): Pair[] {
  using scope = new Scope();
  const size = new cv.Size(image.cols, image.rows);
  const matrix = scope.own(cv.matFromArray(3, 3, cv.CV_64FC1, homography));
  const warped = scope.mat();
  cv.warpPerspective(reference, warped, matrix, size, cv.INTER_CUBIC + cv.WARP_INVERSE_MAP);
  equalizeLight(image, reference, warped, homography);
  const flat = inside.flatMap(({ x, y }) => [x, y]);
  const corners = scope.own(cv.matFromArray(inside.length, 1, cv.CV_32FC2, flat));
  const [moved, status, difference] = [scope.mat(), scope.mat(), scope.mat()];
  const window = new cv.Size(windowSide, windowSide);
  cv.calcOpticalFlowPyrLK(image, warped, corners, moved, status, difference, window, pyramidLevels);
  const [from, to] = [corners.data32F as Float32Array, moved.data32F as Float32Array];
  return Array.from({ length: corners.rows }, (_, i) => i)
    .filter((i) => status.data[i] === 1 && difference.data32F[i] <= maxDifference)
    .map((i) => {
      const seen = { x: to[2 * i], y: to[2 * i + 1] };
      return [{ x: from[2 * i], y: from[2 * i + 1] }, mapPoint(homography, seen)] as const;
    });
}

function holds({ rows, cols }: Mat, { x, y }: Point): boolean {
  return x >= 0 && y >= 0 && x <= cols - 1 && y <= rows - 1;
}

/** Gives the warped picture the mean and the spread of the image where both are seen: optical flow takes a change of light for a shift. */
function equalizeLight(image: Mat, reference: Mat, warped: Mat, homography: Homography): void {
  const [wanted, given]: [number[], number[]] = [[], []];
  const step = Math.max(1, Math.round(Math.sqrt((image.rows * image.cols) / lightSamples)));
  for (let y = 0; y < image.rows; y += step) {
    for (let x = 0; x < image.cols; x += step) {
      if (!holds(reference, mapPoint(homography, { x, y }))) continue;
      wanted.push(image.data[y * image.cols + x]);
      given.push(warped.data[y * image.cols + x]);
    }
  }
  const [to, from] = [spreadOf(wanted), spreadOf(given)];
  if (wanted.length === 0 || from.deviation < 1) return;
  const gain = to.deviation / from.deviation;
  warped.convertTo(warped, -1, gain, to.mean - gain * from.mean);
}

function spreadOf(values: number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

function estimate(pairs: readonly Pair[]): Homography | null {
  using scope = new Scope();
  const points = (side: 0 | 1) => {
    const flat = pairs.flatMap((pair) => [pair[side].x, pair[side].y]);
    return scope.own(cv.matFromArray(pairs.length, 1, cv.CV_32FC2, flat));
  };
  const [from, to, mask] = [points(0), points(1), scope.mat()];
  const found = scope.own(
    cv.findHomography(from, to, cv.RANSAC, ransacThreshold, mask, ransacIterations, ransacConfidence),
  );
  if (found.empty() || cv.countNonZero(mask) < minCorners) return null;
  return Array.from(found.data64F) as Homography;
}
