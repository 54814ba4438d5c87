import type { Kernels } from '../kernels/load.ts';
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { grayLike, samplesOf, whiteOf } from './samples.ts';
import { Scope } from './scope.ts';
import {
  absorbances,
  opacityOf,
  type Stain,
  type StainVectors,
  stainAmounts,
  stainNames,
  unmixingWeights,
} from './stains.ts';

/** Mean amounts, as natural absorbance. */
type Means = Record<Stain, number>;

/** A stain as brightness, in the size and depth of an RGB image, and what tells the mean amount of each. */
export function unmixStains(
  image: Mat,
  vectors: StainVectors,
  stain: Stain,
  scope: Scope,
): { gray: Mat; means: () => Means } {
  const gray = grayLike(image, scope);
  if (kernels && image.elemSize1() === 1 && image.isContinuous()) {
    const means = unmixByKernel(image, vectors, stain, gray, undefined, kernels);
    return { gray, means: () => means };
  }
  const target = samplesOf(gray);
  const white = whiteOf(image);
  const amounts = stainAmounts(samplesOf(image), vectors, stain);
  for (let i = 0; i < target.length; i++) target[i] = Math.round(white * opacityOf(amounts[i]));
  return { gray, means: () => meansOf(image, vectors) };
}

/** The amount of a stain in each pixel of an RGB image, a float each, and the mean amount of each stain. */
export function amountsOf(
  image: Mat,
  vectors: StainVectors,
  stain: Stain,
  scope: Scope,
): { amounts: Mat; means: Means } {
  const amounts = scope.mat(image.rows, image.cols, cv.CV_32FC1);
  if (kernels && image.elemSize1() === 1 && image.isContinuous())
    return { amounts, means: unmixByKernel(image, vectors, stain, undefined, amounts, kernels) };
  (amounts.data32F as Float32Array).set(stainAmounts(samplesOf(image), vectors, stain));
  return { amounts, means: meansOf(image, vectors) };
}

function meansOf(image: Mat, vectors: StainVectors): Means {
  const means = stainNames.map((name) => {
    const amounts = stainAmounts(samplesOf(image), vectors, name);
    let sum = 0;
    for (const amount of amounts) sum += amount;
    return [name, sum / amounts.length];
  });
  return Object.fromEntries(means);
}

/** Entries of the table that the kernel begins to look for a gray value with. */
const startCount = 4096;

function unmixByKernel(
  image: Mat,
  vectors: StainVectors,
  stain: Stain,
  gray: Mat | undefined,
  amounts: Mat | undefined,
  kernels: Kernels,
): Means {
  using scope = new Scope();
  const parts = scope.mat(9, 256, cv.CV_64FC1);
  const absorbance = absorbances(8);
  for (const [i, name] of stainNames.entries())
    for (const [c, weight] of unmixingWeights(vectors, name).entries())
      (parts.data64F as Float64Array).set(
        absorbance.map((value) => weight * value),
        256 * (3 * i + c),
      );
  const sums = scope.mat(1, 3, cv.CV_64FC1);
  const { thresholds, starts, most } = grayTables(scope);
  kernels.unmixStains(
    ...([addressOf(image), image.rows * image.cols, addressOf(parts), addressOf(sums)] as const),
    ...([stainNames.indexOf(stain), amounts ? addressOf(amounts) : 0, gray ? addressOf(gray) : 0] as const),
    ...([addressOf(thresholds), addressOf(starts), most] as const),
  );
  const totals = sums.data64F as Float64Array;
  const pixels = image.rows * image.cols;
  return Object.fromEntries(stainNames.map((name, i) => [name, totals[i] / pixels])) as Means;
}

const grayOf = (amount: number) => Math.round(255 * opacityOf(amount));

/** The least amount, a float, of each gray value, and the gray value of each part of the amounts that are not yet white. */
function grayTables(scope: Scope): { thresholds: Mat; starts: Mat; most: number } {
  const thresholds = scope.mat(1, 256, cv.CV_32FC1);
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  for (let value = 0; value < 256; value++) {
    // Floats above 0 are in the order of their bits.
    let [low, high] = [0, 0x41a0_0000];
    while (low < high) {
      const middle = (low + high) >>> 1;
      bits[0] = middle;
      if (grayOf(float[0]) >= value) high = middle;
      else low = middle + 1;
    }
    bits[0] = low;
    thresholds.data32F[value] = float[0];
  }
  const most = thresholds.data32F[255];
  const starts = scope.mat(1, startCount, cv.CV_8UC1);
  for (let i = 0; i < startCount; i++) starts.data[i] = Math.max(0, grayOf(((i - 1) * most) / (startCount - 1)));
  return { thresholds, starts, most };
}
