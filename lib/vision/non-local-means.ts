/**
 * Non-local means (A. Buades, B. Coll & J.-M. Morel, "Non-Local Means Denoising", Image Processing On Line, 2011): by a kernel of WebAssembly with
 * SIMD, or, where there is none, by the same arithmetic here.
 */
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { samplesOf } from './samples.ts';
import { Scope } from './scope.ts';

/** What the kernel takes: see `lib/kernels/assembly/non-local-means.ts`. */
interface Weighting {
  /** Half the side of a patch. */
  patch: number;
  shift: number;
  base: number;
  range: number;
  scale: number;
  factor: number;
}

interface Planes {
  /** Of all channels below each other, each with a margin on all sides. */
  samples: Mat;
  margin: number;
  stride: number;
  /** Samples of a plane with its margins. */
  length: number;
}

/** The kernel works on rows of this multiple, and reads so far beyond their end. */
const lanes = 16;
const slack = 128;
const scratchBytes = 2 ** 16;

/**
 * The image of one or three channels, without noise of a standard deviation of `sigma` samples, as a new Mat of the scope. Of 16-bit samples the upper 8 bits
 * are compared, and all are averaged. `search` is half the side of the square in which similar patches are sought.
 */
export function nonLocalMeans(image: Mat, sigma: number, search: number, scope: Scope, withKernel = true): Mat {
  using own = new Scope();
  const result = scope.mat();
  const weighting = weightingOf(image.elemSize1() === 2 ? sigma / 256 : sigma, image.channels());
  if (!weighting) {
    image.copyTo(result);
    return result;
  }
  const planes = planesOf(image, search + weighting.patch, own);
  const width = Math.ceil(image.cols / lanes) * lanes;
  const target = own.mat(image.channels() * image.rows, width, image.elemSize1() === 2 ? cv.CV_16UC1 : cv.CV_8UC1);
  if (kernels && withKernel) runKernel(image, planes, target, search, weighting, own);
  else runScalar(image, planes, target, search, weighting);
  const merged = own.own(new cv.MatVector());
  for (let c = 0; c < image.channels(); c++) {
    const plane = own.own(target.roi(new cv.Rect(0, c * image.rows, image.cols, image.rows)));
    merged.push_back(plane);
  }
  cv.merge(merged, result);
  return result;
}

/** Patch and filter strength by the noise, as the paper gives them; undefined where there is nothing to be done. */
function weightingOf(sigma: number, channels: number): Weighting | undefined {
  const patch = channels === 3 ? (sigma <= 25 ? 1 : 2) : sigma <= 10 ? 1 : sigma <= 30 ? 2 : 3;
  const strength = channels === 3 ? 0.55 : 0.45;
  const samples = channels * (2 * patch + 1) ** 2;
  const least = samples * 2 * sigma ** 2;
  const span = samples * 8 * (strength * sigma) ** 2;
  const shift = Math.max(0, Math.ceil(Math.log2((least + span) / 65_535)));
  const base = Math.round(least / 2 ** shift);
  const range = Math.min(32_767, Math.round(span / 2 ** shift));
  if (range < 1) return undefined;
  const scale = 14 - Math.floor(Math.log2(range));
  const factor = Math.min(32_767, Math.round(2 ** 29 / (range << scale)));
  return { patch, shift, base, range, scale, factor };
}

/** The image's channels, mirrored beyond its edges; of 16 bits the upper halves, then the lower ones. */
function planesOf(image: Mat, margin: number, scope: Scope): Planes {
  const stride = Math.ceil((image.cols + 2 * margin + slack) / lanes) * lanes;
  const rows = image.rows + 2 * margin;
  const halves = image.elemSize1() === 2 ? halvesOf(image, scope) : [image];
  const count = halves.length * image.channels();
  const samples = scope.mat(count * rows, stride, cv.CV_8UC1);
  const split = scope.own(new cv.MatVector());
  for (let c = 0; c < count; c++) {
    if (c % image.channels() === 0) cv.split(halves[c / image.channels()], split);
    const plane = scope.own(split.get(c % image.channels()));
    const place = scope.own(samples.roi(new cv.Rect(0, c * rows, stride, rows)));
    const right = stride - image.cols - margin;
    cv.copyMakeBorder(plane, place, margin, margin, margin, right, cv.BORDER_REFLECT_101);
  }
  return { samples, margin, stride, length: rows * stride };
}

function halvesOf(image: Mat, scope: Scope): Mat[] {
  const type = image.channels() === 3 ? cv.CV_8UC3 : cv.CV_8UC1;
  const [upper, lower] = [scope.mat(image.rows, image.cols, type), scope.mat(image.rows, image.cols, type)];
  const [source, high, low] = [image.data16U as Uint16Array, upper.data as Uint8Array, lower.data as Uint8Array];
  for (let i = 0; i < source.length; i++) {
    high[i] = source[i] >> 8;
    low[i] = source[i] & 255;
  }
  return [upper, lower];
}

function runKernel(
  image: Mat,
  { samples, margin, stride, length }: Planes,
  target: Mat,
  search: number,
  { patch, shift, base, range, scale, factor }: Weighting,
  scope: Scope,
): void {
  const scratch = scope.mat(1, scratchBytes, cv.CV_8UC1);
  const source = addressOf(samples) + margin * stride + margin;
  kernels?.nonLocalMeans(
    ...[source, length, stride],
    ...[addressOf(target), image.rows * target.cols, target.cols],
    ...[image.cols, image.rows, image.channels(), search],
    ...[patch, shift, base, range, scale, factor, image.elemSize1() - 1, addressOf(scratch)],
  );
}

/** The kernel's sums, sample by sample. */
function runScalar(
  image: Mat,
  { samples, margin, stride, length }: Planes,
  target: Mat,
  search: number,
  weighting: Weighting,
): void {
  const [source, out] = [samples.data as Uint8Array, samplesOf(target)];
  const channels = image.channels();
  const planes = channels * image.elemSize1();
  for (let y = 0; y < image.rows; y++) {
    for (let x = 0; x < image.cols; x++) {
      const here = (y + margin) * stride + x + margin;
      const sums = new Float64Array(planes);
      let [total, greatest] = [0, 0];
      for (let dy = -search; dy <= search; dy++) {
        for (let dx = -search; dx <= search; dx++) {
          if (dx === 0 && dy === 0) continue;
          const there = here + dy * stride + dx;
          const weight = weightOf(distance(source, here, there, channels, stride, length, weighting), weighting);
          total += weight;
          greatest = Math.max(greatest, weight);
          for (let c = 0; c < planes; c++) sums[c] += weight * source[there + c * length];
        }
      }
      const own = Math.max(1, greatest);
      for (let c = 0; c < planes; c++) sums[c] += own * source[here + c * length];
      for (let c = 0; c < channels; c++) {
        const whole = Math.fround(sums[c]);
        const sum = planes > channels ? Math.fround(whole * 256 + Math.fround(sums[c + channels])) : whole;
        const mean = Math.fround(sum / Math.fround(total + own));
        out[(c * image.rows + y) * target.cols + x] = Math.floor(Math.fround(mean + 0.5));
      }
    }
  }
}

/** Sums stop at 16 bits, as the kernel's do. */
function distance(
  source: Uint8Array,
  here: number,
  there: number,
  channels: number,
  stride: number,
  length: number,
  { patch, shift }: Weighting,
): number {
  let sum = 0;
  for (let dx = -patch; dx <= patch; dx++) {
    let column = 0;
    for (let dy = -patch; dy <= patch; dy++) {
      let squares = 0;
      for (let c = 0; c < channels; c++) {
        const at = c * length + dy * stride + dx;
        squares = Math.min(65_535, squares + (((source[here + at] - source[there + at]) ** 2) >> shift));
      }
      column = Math.min(65_535, column + squares);
    }
    sum = Math.min(65_535, sum + column);
  }
  return sum;
}

function weightOf(distance: number, { base, range, scale, factor }: Weighting): number {
  const excess = Math.min(range, Math.max(0, distance - base));
  const half = rounded15((excess << scale) * factor);
  let weight = Math.max(0, 32_767 - 2 * half);
  for (let i = 0; i < 3; i++) weight = rounded15(weight * weight);
  return weight;
}

function rounded15(product: number): number {
  return (product + 0x4000) >> 15;
}
