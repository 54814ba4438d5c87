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
  const { rows, cols } = small;
  const residual = copyOf(small, scope);
  const values = (small.data as Uint8Array).slice();
  const basis = surfaceBasis(rows, cols);
  // A threshold of strongly uneven light would tell light from dark parts of the background.
  let surface = robustFit(basis, values, scope);
  for (let pass = 0; pass < passes; pass++) {
    const left = values.map((value, i) => Math.min(255, Math.max(0, 128 + value - heightAt(surface, basis, i))));
    (residual.data as Uint8Array).set(left);
    surface = leastSquares(basis, values, backgroundMask(residual, scope), scope);
  }
  return surface;
}

function heightAt(surface: Surface, basis: Float64Array, i: number): number {
  let height = 0;
  for (let t = 0; t < terms; t++) height += surface[t] * basis[i * terms + t];
  return height;
}

/** The surface with the least sum of absolute residuals, by reweighting: what fewer than half of the pixels are has little weight. */
function robustFit(basis: Float64Array, values: Uint8Array, scope: Scope): Surface {
  const weights = new Float64Array(values.length).fill(1);
  let surface: Surface = [0, 0, 0, 0, 0, 0];
  for (let round = 0; round < reweightings; round++) {
    surface = leastSquares(basis, values, weights, scope);
    for (let i = 0; i < values.length; i++)
      weights[i] = 1 / Math.max(1, Math.abs(values[i] - heightAt(surface, basis, i)));
  }
  return surface;
}

function surfaceBasis(rows: number, cols: number): Float64Array {
  const basis = new Float64Array(rows * cols * terms);
  for (let row = 0, i = 0; row < rows; row++) {
    const y = (2 * row) / rows - 1;
    for (let col = 0; col < cols; col++, i += terms) {
      const x = (2 * col) / cols - 1;
      basis.set([1, x, y, x * x, x * y, y * y], i);
    }
  }
  return basis;
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

/** Solves the normal equations of the surface over the weighted pixels; an underdetermined one gives the flattest solution. */
function leastSquares(
  basis: Float64Array,
  values: Uint8Array,
  weights: Uint8Array | Float64Array,
  scope: Scope,
): Surface {
  const normal = new Float64Array(terms * terms);
  const right = new Float64Array(terms);
  for (let i = 0; i < values.length; i++) {
    if (!weights[i]) continue;
    for (let a = 0; a < terms; a++) {
      const basisA = weights[i] * basis[i * terms + a];
      right[a] += basisA * values[i];
      for (let b = 0; b < terms; b++) normal[a * terms + b] += basisA * basis[i * terms + b];
    }
  }
  const coefficients = scope.mat();
  cv.solve(
    scope.own(cv.matFromArray(terms, terms, cv.CV_64FC1, Array.from(normal))),
    scope.own(cv.matFromArray(terms, 1, cv.CV_64FC1, Array.from(right))),
    coefficients,
    cv.DECOMP_SVD,
  );
  return Array.from(coefficients.data64F) as Surface;
}
