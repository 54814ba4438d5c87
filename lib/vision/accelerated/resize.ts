import type { Size } from '@techstark/opencv-js';
import { addressOf, type Mat } from '../opencv-types.ts';
import { type Accelerator, allocate, isPlain, isSame, roundToEven } from './accelerator.ts';

/** By area where both sides shrink or stay, linear, or cubic; of 1, 3 or 4 channels. False otherwise. */
export function fastResize(accelerator: Accelerator) {
  const { cv } = accelerator;
  return (image: Mat, target: Mat, size: Size, fx = 0, fy = 0, interpolation = cv.INTER_LINEAR): boolean => {
    const { width, height } = size;
    const isWhole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
    if (!isWhole || fx !== 0 || fy !== 0 || image.channels() === 2) return false;
    if (!isPlain(accelerator, image) || isSame(image, target)) return false;
    // OpenCV copies what keeps its size.
    if (width === image.cols && height === image.rows) return false;
    const scales: Scales = [1 / (width / image.cols), 1 / (height / image.rows)];
    const isHalf = scales[0] === 2 && scales[1] === 2;
    if (interpolation === cv.INTER_AREA || (interpolation === cv.INTER_LINEAR && isHalf))
      return resizeByArea(accelerator, image, target, size, scales);
    if (interpolation !== cv.INTER_LINEAR && interpolation !== cv.INTER_CUBIC) return false;
    if (!allocate(target, height, width, image.type())) return false;
    resizeSmooth(accelerator, image, target, size, scales, interpolation === cv.INTER_CUBIC);
    return true;
  };
}

/** Pixels of the image for one of the result, across and down. */
type Scales = [across: number, down: number];

function resizeByArea(accelerator: Accelerator, image: Mat, target: Mat, size: Size, scales: Scales): boolean {
  const { cv, kernels, withScratch } = accelerator;
  const { width, height } = size;
  if (scales[0] < 1 || scales[1] < 1) return false;
  const channels = image.channels();
  const isWhole = scales.every((scale) => Math.abs(scale - Math.round(scale)) < Number.EPSILON);
  const [factorX, factorY] = scales.map(Math.round);
  if (isWhole && factorX * factorY > 257) return false;
  if (!allocate(target, height, width, image.type())) return false;
  if (isWhole) {
    const bytes = 2 * image.cols * channels + 16;
    withScratch(bytes, (scratch) =>
      kernels.resizeBlocks(addressOf(image), addressOf(target), width, height, channels, factorX, factorY, scratch),
    );
    return true;
  }
  const [across, down] = [sharesOf(image.cols, width, scales[0]), sharesOf(image.rows, height, scales[1])];
  const parts = [across.entries, across.counts, down.entries, down.counts];
  const places = placesOf(parts);
  withScratch(places[4] + 32 * width + image.cols * channels + 16, (scratch) => {
    for (const [i, part] of parts.entries()) new Int32Array(cv.HEAPU8.buffer, scratch + places[i]).set(part);
    kernels.resizeArea(
      ...([addressOf(image), addressOf(target), image.cols, image.rows, width, height, channels] as const),
      ...places.map((place) => scratch + place),
    );
  });
  return true;
}

/** Where each of the parts begins, in bytes, and where all end. */
function placesOf(parts: { byteLength: number }[]): number[] {
  const places = [0];
  for (const { byteLength } of parts) places.push((places[places.length - 1] + byteLength + 15) & ~15);
  return places;
}

/** Which pixels of a row of `from` each of `to` covers, and how much of it each is, as OpenCV's `computeResizeAreaTab`. */
function sharesOf(from: number, to: number, scale: number): { entries: Int32Array; counts: Int32Array } {
  const counts = new Int32Array(to);
  const entries = new Int32Array(2 * (from + 2 * to));
  const shares = new Float32Array(entries.buffer);
  let end = 0;
  const put = (index: number, share: number, i: number) => {
    entries[end] = index;
    shares[end + 1] = share;
    end += 2;
    counts[i]++;
  };
  const least = 1e-3;
  for (let i = 0; i < to; i++) {
    const start = i * scale;
    const stop = start + scale;
    const cell = Math.min(scale, from - start);
    const last = Math.min(Math.floor(stop), from - 1);
    const first = Math.min(Math.ceil(start), last);
    if (first - start > least) put(first - 1, (first - start) / cell, i);
    for (let index = first; index < last; index++) put(index, 1 / cell, i);
    if (stop - last > least) put(last, Math.min(Math.min(stop - last, 1), cell) / cell, i);
  }
  return { entries: entries.subarray(0, end), counts };
}

function resizeSmooth(
  { cv, kernels, withScratch }: Accelerator,
  image: Mat,
  target: Mat,
  { width, height }: Size,
  scales: Scales,
  isCubic: boolean,
): void {
  const taps = isCubic ? 4 : 2;
  const channels = image.channels();
  const across = tapsOf(image.cols, width, scales[0], isCubic, true);
  const down = tapsOf(image.rows, height, scales[1], isCubic, false);
  const places = placesOf([across.firsts, across.weights, down.firsts, down.weights]);
  withScratch(places[4] + kernels.resizeSmoothScratch(image.cols, width, channels, taps), (scratch) => {
    const { buffer } = cv.HEAPU8;
    new Int32Array(buffer, scratch + places[0]).set(across.firsts);
    new Int16Array(buffer, scratch + places[1]).set(across.weights);
    new Int32Array(buffer, scratch + places[2]).set(down.firsts);
    new Int16Array(buffer, scratch + places[3]).set(down.weights);
    kernels.resizeSmooth(
      ...([addressOf(image), addressOf(target), image.cols, image.rows, width, height, channels, taps] as const),
      ...places.map((place) => scratch + place),
    );
  });
}

/** Weights have 11 fractional bits. */
const one = 2048;

/** The first pixel that counts for each of the result, and the weights from there on, in OpenCV's single precision. */
function tapsOf(from: number, to: number, scale: number, isCubic: boolean, isAcross: boolean) {
  const firsts = new Int32Array(to);
  const weights = new Int16Array(4 * to);
  for (let i = 0; i < to; i++) {
    const place = Math.fround((i + 0.5) * scale - 0.5);
    let first = Math.floor(place);
    let share = Math.fround(place - first);
    // Linear rows are held at the border, where columns repeat what is there.
    if (!isCubic && isAcross && first < 0) [first, share] = [0, 0];
    if (!isCubic && isAcross && first >= from - 1) [first, share] = [from - 1, 0];
    firsts[i] = isCubic ? first - 1 : first;
    const exact = isCubic ? cubicWeights(share) : [Math.fround(1 - share), share];
    for (const [k, weight] of exact.entries()) weights[4 * i + k] = roundToEven(Math.fround(weight * one));
  }
  return { firsts, weights };
}

function cubicWeights(x: number): number[] {
  const f = Math.fround;
  const a = -0.75;
  const beyond = f(x + 1);
  const rest = f(1 - x);
  const outer = f(f(f(f(f(f(a * beyond) - f(5 * a)) * beyond) + f(8 * a)) * beyond) - f(4 * a));
  const inner = (t: number) => f(f(f(f(f(f(a + 2) * t) - f(a + 3)) * t) * t) + 1);
  const [second, third] = [inner(x), inner(rest)];
  return [outer, second, third, f(f(f(1 - outer) - second) - third)];
}
