import type { Point } from './homography.ts';

/** Where the corners do not tell it: the focal length of a phone's camera (28 mm on 36 mm of film), as a part of the longer side. */
const usualFocalLength = 0.8;
/** Below it, opposite sides are nearly parallel, and their vanishing point tells nothing. */
const leastConvergence = 0.05;
/** Ratios beyond these are no page's; then the lengths of the sides are taken. */
const [leastRatio, mostRatio] = [0.2, 5];

/**
 * Width and height of a flat rectangle from its corners in a photo (clockwise from the top left), with as many pixels as the photo has of it at most (Z. Zhang & L. He,
 * "Whiteboard scanning and image enhancement", 2007): the camera's focal length follows from the corners, where its axis goes through the
 * photo's middle. Where sides stay parallel, it is taken to be a usual one.
 */
export function pageSize(corners: readonly Point[], photo: { width: number; height: number }) {
  const [a, b, c, d] = corners.map(({ x, y }) => ({ x: x - photo.width / 2, y: y - photo.height / 2 }));
  const across = Math.max(distance(a, b), distance(d, c));
  const down = Math.max(distance(a, d), distance(b, c));
  const seen = across / down;
  const ratio = trueRatio(a, b, d, c, usualFocalLength * Math.max(photo.width, photo.height)) ?? seen;
  // The longer of what the photo shows stays, so that no detail is lost.
  const [width, height] = ratio >= seen ? [ratio * down, down] : [across, across / ratio];
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
}

/** The paper's equations 11, 12, 20 and 21; corners m1 to m4 are top left, top right, bottom left, bottom right. */
function trueRatio(m1: Point, m2: Point, m3: Point, m4: Point, usual: number): number | undefined {
  const k2 = dot(cross(m1, m4), m3) / dot(cross(m2, m4), m3);
  const k3 = dot(cross(m1, m4), m2) / dot(cross(m3, m4), m2);
  const n2 = { x: k2 * m2.x - m1.x, y: k2 * m2.y - m1.y, z: k2 - 1 };
  const n3 = { x: k3 * m3.x - m1.x, y: k3 * m3.y - m1.y, z: k3 - 1 };
  const focalSquared = -(n2.x * n3.x + n2.y * n3.y) / (n2.z * n3.z);
  const isTold = Math.min(Math.abs(n2.z), Math.abs(n3.z)) > leastConvergence && focalSquared > 0;
  const squared = isTold ? focalSquared : usual ** 2;
  const length = ({ x, y, z }: typeof n2) => Math.sqrt((x * x + y * y) / squared + z * z);
  const ratio = length(n2) / length(n3);
  return ratio >= leastRatio && ratio <= mostRatio ? ratio : undefined;
}

/** Of points with a third coordinate of 1. */
function cross(p: Point, q: Point) {
  return { x: p.y - q.y, y: q.x - p.x, z: p.x * q.y - p.y * q.x };
}

function dot({ x, y, z }: ReturnType<typeof cross>, p: Point): number {
  return x * p.x + y * p.y + z;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
