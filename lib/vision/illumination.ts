import { copyOf } from './channels.ts';
import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** Longer side of the reduced image that the surface is fitted on, in pixels: illumination varies slowly. */
const fitSize = 128;
const passes = 3;
const reweightings = 8;
/** Terms of a quadratic surface: 1, x, y, x², xy, y². */
const terms = 6;

/**
 * Evens out the illumination of an 8-bit gray image: a quadratic surface is fitted to the background, which Otsu's
 * threshold separates anew in each pass, and subtracted. The mean brightness of the surface is kept.
 * The background is the class that the image's border mostly belongs to.
 */
export function flattenIllumination(gray: Mat, scope: Scope): Mat {
  const surface = fitBackground(gray);
  const { rows, cols } = gray;
  const flat = scope.mat(rows, cols, cv.CV_8UC1);
  const source = gray.data as Uint8Array;
  const target = flat.data as Uint8Array;
  const [c0, c1, c2, c3, c4, c5] = surface;
  // Mean of the surface over [-1, 1]²: x² and y² average to a third, the odd terms to nothing.
  const mean = c0 + (c3 + c5) / 3;
  const clamped = new Uint8ClampedArray(target.buffer, target.byteOffset, target.length);
  for (let row = 0, i = 0; row < rows; row++) {
    const y = (2 * row) / rows - 1;
    const constant = mean - (c0 + c2 * y + c5 * y * y);
    const linear = c1 + c4 * y;
    for (let col = 0; col < cols; col++, i++) {
      const x = (2 * col) / cols - 1;
      clamped[i] = source[i] + constant - x * (linear + c3 * x);
    }
  }
  return flat;
}

type Surface = [number, number, number, number, number, number];

function fitBackground(gray: Mat): Surface {
  using scope = new Scope();
  const scale = Math.max(1, Math.max(gray.rows, gray.cols) / fitSize);
  const size = new cv.Size(Math.max(1, Math.round(gray.cols / scale)), Math.max(1, Math.round(gray.rows / scale)));
  const small = scope.mat();
  cv.resize(gray, small, size, 0, 0, cv.INTER_AREA);
  const residual = copyOf(small, scope);
  const { rows, cols } = small;
  const values = { rows, cols, samples: (small.data as Uint8Array).slice() };
  // A threshold of strongly uneven light would tell light from dark parts of the background.
  let surface = robustFit(values, scope);
  for (let pass = 0; pass < passes; pass++) {
    const heights = heightsOf(surface, rows, cols);
    const left = values.samples.map((value, i) => Math.min(255, Math.max(0, 128 + value - heights[i])));
    (residual.data as Uint8Array).set(left);
    surface = leastSquares(values, backgroundMask(residual, scope), scope);
  }
  return surface;
}

interface Values {
  rows: number;
  cols: number;
  samples: Uint8Array;
}

/** The surface at each pixel. */
function heightsOf([c0, c1, c2, c3, c4, c5]: Surface, rows: number, cols: number): Float64Array {
  const heights = new Float64Array(rows * cols);
  for (let row = 0, i = 0; row < rows; row++) {
    const y = (2 * row) / rows - 1;
    const [constant, linear] = [c0 + c2 * y + c5 * y * y, c1 + c4 * y];
    for (let col = 0; col < cols; col++, i++) {
      const x = (2 * col) / cols - 1;
      heights[i] = constant + x * (linear + c3 * x);
    }
  }
  return heights;
}

/** The surface with the least sum of absolute residuals, by reweighting: what fewer than half of the pixels are has little weight. */
function robustFit(values: Values, scope: Scope): Surface {
  const weights = new Float64Array(values.samples.length).fill(1);
  let surface: Surface = [0, 0, 0, 0, 0, 0];
  for (let round = 0; round < reweightings; round++) {
    surface = leastSquares(values, weights, scope);
    const heights = heightsOf(surface, values.rows, values.cols);
    for (let i = 0; i < weights.length; i++) weights[i] = 1 / Math.max(1, Math.abs(values.samples[i] - heights[i]));
  }
  return surface;
}

function backgroundMask(gray: Mat, scope: Scope): Uint8Array {
  const bright = scope.mat();
  cv.threshold(gray, bright, 0, 255, cv.THRESH_BINARY + cv.THRESH_OTSU);
  if (borderFraction(bright) > 0.5) return bright.data as Uint8Array;
  const dark = scope.mat();
  cv.bitwise_not(bright, dark);
  return dark.data as Uint8Array;
}

/** The fraction of the image's outermost pixels that are set in a binary image. */
export function borderFraction(binary: Mat): number {
  const { rows, cols } = binary;
  const pixels = binary.data as Uint8Array;
  let set = 0;
  for (let col = 0; col < cols; col++) {
    if (pixels[col]) set++;
    if (pixels[(rows - 1) * cols + col]) set++;
  }
  for (let row = 0; row < rows; row++) {
    if (pixels[row * cols]) set++;
    if (pixels[row * cols + cols - 1]) set++;
  }
  return set / (2 * (rows + cols));
}

/** Powers of x and y in the surface's terms. */
const powers = [
  [0, 0],
  [1, 0],
  [0, 1],
  [2, 0],
  [1, 1],
  [0, 2],
] as const;
/** The greatest power in the products of two terms. */
const greatestPower = 4;

/**
 * Solves the normal equations of the surface over the weighted pixels; an underdetermined one gives the flattest solution. What they are made of are
 * sums of the weights, and of the weighted values, times powers of x and y: first along rows, then over them.
 */
function leastSquares({ rows, cols, samples }: Values, weights: Uint8Array | Float64Array, scope: Scope): Surface {
  const side = greatestPower + 1;
  const ofWeights = new Float64Array(side * side);
  const ofValues = new Float64Array(side * side);
  for (let row = 0, i = 0; row < rows; row++) {
    let [w0, w1, w2, w3, w4, v0, v1, v2] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let col = 0; col < cols; col++, i++) {
      const weight = weights[i];
      if (weight === 0) continue;
      const x = (2 * col) / cols - 1;
      const square = x * x;
      const value = weight * samples[i];
      w0 += weight;
      w1 += weight * x;
      w2 += weight * square;
      w3 += weight * square * x;
      w4 += weight * square * square;
      v0 += value;
      v1 += value * x;
      v2 += value * square;
    }
    const y = (2 * row) / rows - 1;
    for (let at = 0, factor = 1; at < ofWeights.length; at += side, factor *= y) {
      ofWeights[at] += factor * w0;
      ofWeights[at + 1] += factor * w1;
      ofWeights[at + 2] += factor * w2;
      ofWeights[at + 3] += factor * w3;
      ofWeights[at + 4] += factor * w4;
      ofValues[at] += factor * v0;
      ofValues[at + 1] += factor * v1;
      ofValues[at + 2] += factor * v2;
    }
  }
  const normal = powers.flatMap(([ax, ay]) => powers.map(([bx, by]) => ofWeights[(ay + by) * side + ax + bx]));
  const right = powers.map(([x, y]) => ofValues[y * side + x]);
  const coefficients = scope.mat();
  cv.solve(
    scope.own(cv.matFromArray(terms, terms, cv.CV_64FC1, normal)),
    scope.own(cv.matFromArray(terms, 1, cv.CV_64FC1, right)),
    coefficients,
    cv.DECOMP_SVD,
  );
  return Array.from(coefficients.data64F) as Surface;
}
