/** Finds the points of an image in another one, to a fraction of a pixel, where a homography says about where they are. */
import type { Kernels } from '../kernels/load.ts';
import { type Homography, mapPoint, type Point } from './homography.ts';
import { addressOf, cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

export type Pair = readonly [image: Point, other: Point];

/** Numbers of a point in the kernel's list. */
const entry = 12;
/** Samples of a window are so many pixels apart at first, where a point may be off by several. */
const coarseStep = 2;
/** Shifts of more pixels are mistakes. */
const most = 12;
/** Correlation of windows that show the same. */
const alike = 0.75;
/** Samples that are apart must not miss what lies between them. */
const blurSide = 5;

/**
 * Both images are gray (CV_8UC1); the homography leads from the image to the other one. Gives the points that are found, in whole pixels of the image,
 * with their places in the other one. `isNear`: the homography is off by no more than a pixel.
 */
export function followPoints(
  kernels: Kernels,
  image: Mat,
  other: Mat,
  homography: Homography,
  points: readonly Point[],
  isNear: boolean,
): Pair[] {
  using scope = new Scope();
  const places = scope.mat(1, points.length * entry, cv.CV_32FC1);
  for (const [i, point] of points.entries()) {
    const [x, y] = [Math.round(point.x), Math.round(point.y)];
    const at = mapPoint(homography, { x, y });
    places.data32F.set([x, y, at.x, at.y, ...slopesAt(homography, { x, y }), 0, 0, -1, 0], i * entry);
  }
  const scratch = scope.mat(1, kernels.followScratch(), cv.CV_8UC1);
  const follow = (from: Mat, to: Mat, step: number) =>
    kernels.follow(
      ...[addressOf(from), from.cols, from.rows, addressOf(to), to.cols, to.rows],
      ...[addressOf(places), points.length, step, most, addressOf(scratch)],
    );
  if (!isNear) follow(blurred(image, scope), blurred(other, scope), coarseStep);
  follow(image, other, 1);
  const numbers = places.data32F as Float32Array;
  return Array.from({ length: points.length }, (_, i) => numbers.subarray(i * entry, (i + 1) * entry))
    .filter((point) => point[10] >= alike)
    .map((point) => {
      const [x, y, shiftX, shiftY] = [point[0], point[1], point[8], point[9]];
      return [{ x, y }, mapPoint(homography, { x: x + shiftX, y: y + shiftY })];
    });
}

function blurred(image: Mat, scope: Scope): Mat {
  const smooth = scope.mat();
  cv.GaussianBlur(image, smooth, new cv.Size(blurSide, blurSide), 0);
  return smooth;
}

/** How fast the mapped point moves with the point: its x by x and y, its y by x and y. */
function slopesAt(h: Homography, point: Point): [number, number, number, number] {
  const w = h[6] * point.x + h[7] * point.y + h[8];
  const { x, y } = mapPoint(h, point);
  return [(h[0] - h[6] * x) / w, (h[1] - h[7] * x) / w, (h[3] - h[6] * y) / w, (h[4] - h[7] * y) / w];
}
