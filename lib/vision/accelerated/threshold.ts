import { addressOf, type Mat } from '../opencv-types.ts';
import { type Accelerator, allocate, isFlat, lengthOf } from './accelerator.ts';

/** Bytes of the tables that the histogram is counted in. */
export const histogramBytes = 4096;

/** Binary, at a level that is given or Otsu's. Undefined otherwise. */
export function fastThreshold(accelerator: Accelerator) {
  const { cv, kernels } = accelerator;
  return (image: Mat, target: Mat, level: number, white: number, type: number): number | undefined => {
    const isOtsu = (type & cv.THRESH_OTSU) !== 0;
    const kind = type & ~cv.THRESH_OTSU;
    if (kind !== cv.THRESH_BINARY && kind !== cv.THRESH_BINARY_INV) return undefined;
    if (white !== 255 || !isFlat(accelerator, image) || (isOtsu && image.channels() !== 1)) return undefined;
    if (!allocate(target, image.rows, image.cols, image.type())) return undefined;
    const used = isOtsu ? otsuLevel(histogramOf(accelerator, image)) : Math.floor(level);
    const [low, high] = kind === cv.THRESH_BINARY ? [0, 255] : [255, 0];
    if (used < 0) target.data.fill(high);
    else if (used >= 255) target.data.fill(low);
    else kernels.threshold(addressOf(image), addressOf(target), lengthOf(image), used, low, high);
    return used;
  };
}

/** Of an image of one channel. */
export function histogramOf({ cv, kernels, withScratch }: Accelerator, image: Mat): Uint32Array {
  let counts = new Uint32Array();
  withScratch(histogramBytes, (scratch) => {
    kernels.histogram(addressOf(image), lengthOf(image), 1, scratch);
    counts = new Uint32Array(cv.HEAPU8.buffer, scratch, 256).slice();
  });
  return counts;
}

/** The level with the greatest variance between the classes (N. Otsu, 1979), in the order of OpenCV's sums. */
function otsuLevel(counts: Uint32Array): number {
  const scale = 1 / counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, value) => sum + value * count, 0) * scale;
  const epsilon = 2 ** -23;
  let [below, share, best, level] = [0, 0, 0, 0];
  for (const [value, count] of counts.entries()) {
    const part = count * scale;
    below *= share;
    share += part;
    const rest = 1 - share;
    if (Math.min(share, rest) < epsilon || Math.max(share, rest) > 1 - epsilon) continue;
    below = (below + value * part) / share;
    const above = (mean - share * below) / rest;
    const variance = share * rest * (below - above) * (below - above);
    if (variance > best) [best, level] = [variance, value];
  }
  return level;
}
