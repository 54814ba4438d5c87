import type { Point } from './homography.ts';
import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** A straight line through a point. */
export interface Line extends Point {
  dx: number;
  dy: number;
}

export interface Side {
  /** The part of the side along which the inside differs from the outside as it should, 0 to 1. */
  support: number;
  /** The line along the edge. */
  line: Line;
}

/** Edges are sought at so many places along a side, away from its ends. */
const places = 60;
const [from, to] = [0.05, 0.95];
/** Gray values by which the inside differs from the outside at least. */
const leastStep = 8;

/**
 * The sides of a quadrilateral (clockwise) in an 8-bit gray image: at each place the steepest step across the side within `reach` pixels, and the line
 * through those steps (OpenCV `fitLine`, Huber's distance).
 */
export function sideFit(gray: Mat, corners: readonly Point[], bright: boolean, reach = 4): Side[] {
  return corners.map((start, i) => {
    const end = corners[(i + 1) % 4];
    const length = Math.hypot(end.x - start.x, end.y - start.y);
    const [dx, dy] = [(end.x - start.x) / length, (end.y - start.y) / length];
    const steps = Array.from({ length: places }, (_, k) => {
      const along = length * (from + ((to - from) * k) / (places - 1));
      return steepest(gray, { x: start.x + along * dx, y: start.y + along * dy, dx, dy }, bright, reach);
    }).filter((step) => step !== undefined);
    const line = steps.length >= 2 ? fit(steps) : { ...start, dx, dy };
    return { support: steps.length / places, line };
  });
}

/** Where the gray values change most on the normal through a point of a side, from the outside (left of its direction) to the inside. */
function steepest(gray: Mat, { x, y, dx, dy }: Line, bright: boolean, reach: number): Point | undefined {
  // Clockwise with y down: the inside is to the right, at (-dy, dx).
  const step = Math.max(1, reach / 12);
  const count = Math.ceil(reach / step);
  const values: number[] = [];
  for (let i = -count - 1; i <= count + 1; i++) values.push(sampleAt(gray, x - dy * i * step, y + dx * i * step));
  let best = -1;
  let most = 0;
  const changes = values.map((_, i) => (i < 1 || i + 1 >= values.length ? 0 : values[i + 1] - values[i - 1]));
  for (const [i, change] of changes.entries()) {
    const size = bright ? change : Math.abs(change);
    if (size > most) [best, most] = [i, size];
  }
  if (best < 0 || !(most >= leastStep)) return undefined;
  // The vertex of the parabola through the steepest and its neighbors.
  const [before, here, after] = [-1, 0, 1].map((i) => Math.abs(changes[best + i] ?? 0));
  const bend = before - 2 * here + after;
  const off = bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0;
  const across = (best + off - count - 1) * step;
  return { x: x - dy * across, y: y + dx * across };
}

/** Linear between pixels, and beyond the edge as at it. */
function sampleAt(gray: Mat, x: number, y: number): number {
  const samples = gray.data as Uint8Array;
  const [px, py] = [Math.max(0, Math.min(gray.cols - 1, x)), Math.max(0, Math.min(gray.rows - 1, y))];
  const [left, top] = [Math.floor(px), Math.floor(py)];
  const [right, bottom] = [Math.min(gray.cols - 1, left + 1), Math.min(gray.rows - 1, top + 1)];
  const mixed = (row: number) =>
    samples[row * gray.cols + left] +
    (px - left) * (samples[row * gray.cols + right] - samples[row * gray.cols + left]);
  const upper = mixed(top);
  return upper + (py - top) * (mixed(bottom) - upper);
}

function fit(points: readonly Point[]): Line {
  using scope = new Scope();
  const flat = points.flatMap(({ x, y }) => [x, y]);
  const line = scope.mat();
  cv.fitLine(scope.own(cv.matFromArray(points.length, 1, cv.CV_32FC2, flat)), line, cv.DIST_HUBER, 0, 0.01, 0.01);
  const [dx, dy, x, y] = line.data32F as Float32Array;
  return { x, y, dx, dy };
}
