import type { Kernels } from '../kernels/load.ts';
import { type GrayScale, samplesPerGray } from './gray-scale.ts';
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { samplesOf, whiteOf } from './samples.ts';
import { Scope } from './scope.ts';

/** By how much the image is reduced for a ball of that radius: as ImageJ does, so that rolling takes about the same time for all. */
function reductionFor(radius: number): number {
  return Math.min(Math.ceil(radius / 6), Math.max(4, Math.ceil(radius / 14)));
}

/**
 * The background that a ball touches from below as it rolls under the gray values (S. Sternberg, Biomedical image processing, 1983):
 * a grayscale opening with a ball. As in ImageJ, a large ball is rolled under an image that is made smaller by the least of each
 * block, and the background is enlarged again. `radius` in pixels and, with one gray value for a pixel of height, in gray values.
 */
export function rollingBallBackground(gray: Mat, radius: number, scale: GrayScale, outer: Scope): Mat {
  using scope = new Scope();
  const factor = reductionFor(radius);
  const small = factor === 1 ? gray : leastOfBlocks(gray, factor, scope);
  const { rows, cols } = small;
  const ball = ballOf(radius, factor, samplesPerGray(scale));
  const background = kernels ? openedByKernel(small, ball, kernels, scope) : scope.mat(rows, cols, cv.CV_32FC1);
  if (!kernels) (background.data32F as Float32Array).set(opened(samplesOf(small), rows, cols, ball));
  const large = outer.mat();
  if (factor === 1) background.convertTo(large, gray.type());
  else enlarge(background, gray, factor, large, scope);
  // Interpolated, it could rise above the image.
  cv.min(large, gray, large);
  return large;
}

interface Ball {
  /** Half of its side in the small image. */
  reach: number;
  /** Heights of its upper half, row by row; below 0 outside of the ball. */
  heights: Float32Array;
}

/** `height` in samples for a gray value. */
function ballOf(radius: number, factor: number, height: number): Ball {
  const reach = Math.floor(radius / factor);
  const side = 2 * reach + 1;
  const heights = Float32Array.from({ length: side * side }, (_, i) => {
    const [dx, dy] = [(i % side) - reach, Math.floor(i / side) - reach];
    const squared = radius ** 2 - (dx * dx + dy * dy) * factor ** 2;
    return squared >= 0 ? height * Math.sqrt(squared) : -1;
  });
  return { reach, heights };
}

function openedByKernel(small: Mat, { reach, heights }: Ball, { rollBall }: Kernels, scope: Scope): Mat {
  const { rows, cols } = small;
  const [samples, centers] = [scope.mat(), scope.mat(rows, cols, cv.CV_32FC1)];
  const background = scope.mat(rows, cols, cv.CV_32FC1);
  const side = 2 * reach + 1;
  const ball = scope.mat(side, side, cv.CV_32FC1);
  (ball.data32F as Float32Array).set(heights);
  small.convertTo(samples, cv.CV_32F);
  const [from, to] = [addressOf(samples), addressOf(background)];
  rollBall(from, to, cols, rows, addressOf(ball), side, addressOf(centers));
  return background;
}

/** At each place the ball rises until it touches; the background is the highest that its surface reaches anywhere. */
function opened(samples: Uint8Array | Uint16Array, rows: number, cols: number, { reach, heights }: Ball): Float32Array {
  const side = 2 * reach + 1;
  const centers = new Float32Array(rows * cols).fill(Number.POSITIVE_INFINITY);
  const background = new Float32Array(rows * cols).fill(Number.NEGATIVE_INFINITY);
  for (let k = 0; k < heights.length; k++)
    if (heights[k] >= 0) rise(heights[k], (k % side) - reach, Math.floor(k / side) - reach);
  for (let k = 0; k < heights.length; k++)
    if (heights[k] >= 0) cover(heights[k], (k % side) - reach, Math.floor(k / side) - reach);
  return background;

  function rise(height: number, dx: number, dy: number): void {
    const [left, right] = [Math.max(0, -dx), Math.min(cols, cols - dx)];
    for (let y = Math.max(0, -dy); y < Math.min(rows, rows - dy); y++) {
      const shift = dy * cols + dx;
      for (let at = y * cols + left; at < y * cols + right; at++) {
        const room = samples[at + shift] - height;
        if (room < centers[at]) centers[at] = room;
      }
    }
  }

  function cover(height: number, dx: number, dy: number): void {
    const [left, right] = [Math.max(0, -dx), Math.min(cols, cols - dx)];
    for (let y = Math.max(0, -dy); y < Math.min(rows, rows - dy); y++) {
      const shift = dy * cols + dx;
      for (let at = y * cols + left; at < y * cols + right; at++) {
        const surface = centers[at] + height;
        if (surface > background[at + shift]) background[at + shift] = surface;
      }
    }
  }
}

/** The least of each block of `factor` × `factor` pixels. */
function leastOfBlocks(gray: Mat, factor: number, scope: Scope): Mat {
  const [rows, cols] = [Math.ceil(gray.rows / factor), Math.ceil(gray.cols / factor)];
  const small = scope.mat(rows, cols, gray.type());
  if (kernels && gray.elemSize1() === 1 && gray.isContinuous()) {
    const row = scope.mat(1, gray.cols, cv.CV_8UC1);
    kernels.leastOfBlocks(addressOf(gray), addressOf(small), gray.cols, gray.rows, factor, addressOf(row));
    return small;
  }
  const [source, target] = [samplesOf(gray), samplesOf(small)];
  target.fill(whiteOf(gray));
  for (let y = 0, i = 0; y < gray.rows; y++) {
    const row = Math.floor(y / factor) * cols;
    for (let x = 0; x < gray.cols; x++, i++) {
      const block = row + Math.floor(x / factor);
      if (source[i] < target[block]) target[block] = source[i];
    }
  }
  return small;
}

/** Blocks are `factor` pixels wide also where the last of them is not whole. */
function enlarge(background: Mat, gray: Mat, factor: number, target: Mat, scope: Scope): void {
  const { rows, cols } = gray;
  const type = gray.type();
  const whole = scope.mat();
  const size = new cv.Size(background.cols * factor, background.rows * factor);
  const samples = scope.mat();
  background.convertTo(samples, type);
  cv.resize(samples, whole, size, 0, 0, cv.INTER_LINEAR);
  scope.own(whole.roi(new cv.Rect(0, 0, cols, rows))).copyTo(target);
}
