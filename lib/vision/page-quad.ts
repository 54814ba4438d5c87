/** Finds a page in a photo: a bright, convex quadrilateral with an edge all around it. */
import { toGray } from './channels.ts';
import type { Point } from './homography.ts';
import { cv, type Mat } from './opencv.ts';
import { sideFit } from './quad-sides.ts';
import { Scope } from './scope.ts';

export interface PageOptions {
  /** The least part of the image that a page takes, 0 to 1. */
  minArea: number;
  /** Whether a page is brighter than what is around it. */
  bright: boolean;
}

/** Longer side at which a page is looked for, in pixels; it is found again at full size. */
const workSide = 640;
/** A quadrilateral larger than this part of the image is the image. */
const maxArea = 0.98;
/** Corners of a page seen in perspective, in degrees. */
const [minAngle, maxAngle] = [40, 140];
/** Hulls are simplified to four corners, with a tolerance of so much of their perimeter. */
const tolerances = [0.02, 0.04, 0.06];
const cannyThresholds = [
  [75, 200],
  [30, 90],
  [10, 40],
] as const;
/** Of each side so much must be an edge between a page and something else. */
const leastSupport = 0.6;

/** The corners of a page, clockwise from the top left one, counted from the image's edge; null where there is none. */
export function findPage(image: Mat, options: PageOptions): Point[] | null {
  using scope = new Scope();
  const scale = Math.min(1, workSide / Math.max(image.cols, image.rows));
  const small = scope.mat();
  const size = new cv.Size(Math.max(1, Math.round(image.cols * scale)), Math.max(1, Math.round(image.rows * scale)));
  cv.resize(image, small, size, 0, 0, cv.INTER_AREA);
  cv.GaussianBlur(small, small, new cv.Size(5, 5), 0);
  const gray = toGray(small, scope);
  let best: { corners: Point[]; score: number } | undefined;
  for (const corners of quadrilaterals(small, gray, options.minArea * small.cols * small.rows)) {
    const sides = sideFit(gray, corners, options.bright);
    const support = Math.min(...sides.map((side) => side.support));
    const score = areaOf(corners) * support;
    if (support >= leastSupport && score > (best?.score ?? 0)) best = { corners, score };
  }
  if (!best) return null;
  const [across, down] = [image.cols / small.cols, image.rows / small.rows];
  const rough = best.corners.map(({ x, y }) => ({ x: (x + 0.5) * across - 0.5, y: (y + 0.5) * down - 0.5 }));
  const lines = sideFit(toGray(image, scope), rough, options.bright, 6 / scale).map(({ line }) => line);
  const exact = lines.map((line, i) => intersection(lines[(i + 3) % 4], line));
  const corners = exact.every((corner, i) => corner && distance(corner, rough[i]) < 12 / scale) ? exact : rough;
  return fromTopLeft((corners as Point[]).map(({ x, y }) => ({ x: x + 0.5, y: y + 0.5 })));
}

/** All quadrilaterals of enough area that contours of edges, light and color form. */
function quadrilaterals(small: Mat, gray: Mat, minArea: number): Point[][] {
  using scope = new Scope();
  const element = scope.own(cv.Mat.ones(3, 3, cv.CV_8UC1));
  const masks: Mat[] = cannyThresholds.map(([low, high]) => {
    const edges = scope.mat();
    cv.Canny(gray, edges, low, high);
    cv.dilate(edges, edges, element);
    return edges;
  });
  for (const plane of [gray, ...saturation(small, scope)]) {
    const mask = scope.mat();
    cv.threshold(plane, mask, 0, 255, cv.THRESH_BINARY + cv.THRESH_OTSU);
    const opposite = scope.mat();
    cv.bitwise_not(mask, opposite);
    masks.push(mask, opposite);
  }
  return masks.flatMap((mask) => quadrilateralsOf(mask, minArea, maxArea * small.cols * small.rows));
}

function saturation(small: Mat, scope: Scope): Mat[] {
  if (small.channels() === 1) return [];
  const hsv = scope.mat();
  cv.cvtColor(small, hsv, cv.COLOR_RGB2HSV);
  const planes = scope.own(new cv.MatVector());
  cv.split(hsv, planes);
  return [scope.own(planes.get(1))];
}

function quadrilateralsOf(mask: Mat, minArea: number, maxArea: number): Point[][] {
  using scope = new Scope();
  const contours = scope.own(new cv.MatVector());
  cv.findContours(mask, contours, scope.mat(), cv.RETR_LIST, cv.CHAIN_APPROX_SIMPLE);
  const found: Point[][] = [];
  for (let i = 0; i < contours.size(); i++) {
    const contour = scope.own(contours.get(i));
    const box = cv.boundingRect(contour);
    if (box.width * box.height < minArea) continue;
    const hull = scope.mat();
    cv.convexHull(contour, hull);
    const perimeter = cv.arcLength(hull, true);
    for (const tolerance of tolerances) {
      const corners = scope.mat();
      cv.approxPolyDP(hull, corners, tolerance * perimeter, true);
      if (corners.rows !== 4) continue;
      const values = corners.data32S as Int32Array;
      const quad = [0, 1, 2, 3].map((k) => ({ x: values[2 * k], y: values[2 * k + 1] }));
      const area = areaOf(quad);
      if (area >= minArea && area <= maxArea && hasPlainAngles(quad)) found.push(clockwise(quad));
      break;
    }
  }
  return found;
}

function areaOf(quad: readonly Point[]): number {
  return Math.abs(signedArea(quad));
}

/** Positive where the points go around clockwise, as y points down. */
function signedArea(quad: readonly Point[]): number {
  return quad.reduce((sum, p, i) => sum + p.x * quad[(i + 1) % 4].y - quad[(i + 1) % 4].x * p.y, 0) / 2;
}

function clockwise(quad: readonly Point[]): Point[] {
  return signedArea(quad) > 0 ? [...quad] : quad.toReversed();
}

function hasPlainAngles(quad: readonly Point[]): boolean {
  return quad.every((p, i) => {
    const [a, b] = [quad[(i + 3) % 4], quad[(i + 1) % 4]];
    const cos = ((a.x - p.x) * (b.x - p.x) + (a.y - p.y) * (b.y - p.y)) / (distance(a, p) * distance(b, p));
    const angle = (Math.acos(cos) * 180) / Math.PI;
    return angle >= minAngle && angle <= maxAngle;
  });
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function fromTopLeft(corners: readonly Point[]): Point[] {
  const sums = corners.map(({ x, y }) => x + y);
  const first = sums.indexOf(Math.min(...sums));
  return [0, 1, 2, 3].map((i) => corners[(first + i) % 4]);
}

/** Of two lines, each by a point and a direction; undefined where they are parallel. */
function intersection(a: Line, b: Line): Point | undefined {
  const cross = a.dx * b.dy - a.dy * b.dx;
  if (Math.abs(cross) < 1e-6) return undefined;
  const along = ((b.x - a.x) * b.dy - (b.y - a.y) * b.dx) / cross;
  return { x: a.x + along * a.dx, y: a.y + along * a.dy };
}

type Line = ReturnType<typeof sideFit>[number]['line'];
