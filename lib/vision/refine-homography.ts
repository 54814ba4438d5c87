/**
 * Makes a homography exact to a fraction of a pixel: what is still shifted after it is measured by optical flow around corners
 * (Lucas & Kanade 1981; Bouguet's pyramids, OpenCV `calcOpticalFlowPyrLK`), and the homography estimated again.
 */
import { type Homography, mapPoint, type Point } from './homography.ts';
import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** Corners that are followed, at least so far apart, as a part of the image's shorter side. */
const maxCorners = 1000;
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
const rounds = 2;

/** The homography from `image` to `reference` (both gray, 8-bit), from one that is off by a few pixels; the same where too little can be followed. */
export function refineHomography(image: Mat, reference: Mat, homography: Homography): Homography {
  let refined = homography;
  for (let round = 0; round < rounds; round++) {
    const pairs = follow(image, reference, refined);
    const next = pairs.length >= minCorners ? estimate(pairs) : null;
    if (!next) break;
    refined = next;
  }
  return refined;
}

type Pair = readonly [image: Point, reference: Point];

/** Corners of the image with the points of the reference that look the same. */
function follow(image: Mat, reference: Mat, homography: Homography): Pair[] {
  using scope = new Scope();
  const size = new cv.Size(image.cols, image.rows);
  const matrix = scope.own(cv.matFromArray(3, 3, cv.CV_64FC1, homography));
  const warped = scope.mat();
  cv.warpPerspective(reference, warped, matrix, size, cv.INTER_CUBIC + cv.WARP_INVERSE_MAP);
  const covered = scope.mat();
  const everywhere = scope.own(new cv.Mat(reference.rows, reference.cols, cv.CV_8UC1, new cv.Scalar(255)));
  cv.warpPerspective(everywhere, covered, matrix, size, cv.INTER_NEAREST + cv.WARP_INVERSE_MAP);
  const margin = scope.own(cv.Mat.ones(windowSide, windowSide, cv.CV_8UC1));
  cv.erode(covered, covered, margin, new cv.Point(-1, -1), 1, cv.BORDER_CONSTANT, new cv.Scalar(0));
  equalizeLight(image, warped, covered, scope);

  const corners = scope.mat();
  const spacing = Math.max(3, cornerSpacing * Math.min(image.cols, image.rows));
  cv.goodFeaturesToTrack(image, corners, maxCorners, cornerQuality, spacing, covered, 5);
  if (corners.rows === 0) return [];
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

/** Gives the warped picture the mean and the spread of the image where it covers it: optical flow takes a change of light for a shift. */
function equalizeLight(image: Mat, warped: Mat, covered: Mat, scope: Scope): void {
  const statistics = (mat: Mat) => {
    const [mean, deviation] = [scope.mat(), scope.mat()];
    cv.meanStdDev(mat, mean, deviation, covered);
    return { mean: mean.data64F[0], deviation: deviation.data64F[0] };
  };
  const [wanted, given] = [statistics(image), statistics(warped)];
  if (given.deviation < 1) return;
  const gain = wanted.deviation / given.deviation;
  warped.convertTo(warped, -1, gain, wanted.mean - gain * given.mean);
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
