import { addressOf, type Mat } from '../opencv-types.ts';
import { type Accelerator, allocate, isFlat, lengthOf, roundToEven } from './accelerator.ts';
import { histogramOf } from './threshold.ts';

/** One table of bytes for all channels, or one for each of three. False otherwise. */
export function fastLut(accelerator: Accelerator) {
  const { cv, kernels, withScratch } = accelerator;
  return (image: Mat, table: Mat, target: Mat): boolean => {
    if (!isFlat(accelerator, image) || !isFlat(accelerator, table) || table.total() !== 256) return false;
    const channels = table.channels();
    if (channels !== 1 && (channels !== 3 || image.channels() !== 3)) return false;
    const entries = (table.data as Uint8Array).slice();
    if (!allocate(target, image.rows, image.cols, image.type())) return false;
    withScratch(entries.length, (scratch) => {
      const tables = cv.HEAPU8.subarray(scratch, scratch + entries.length);
      for (let i = 0; i < entries.length; i++) tables[(i % channels) * 256 + Math.floor(i / channels)] = entries[i];
      if (channels === 1) kernels.lut(addressOf(image), addressOf(target), lengthOf(image), scratch);
      else kernels.lut3(addressOf(image), addressOf(target), image.rows * image.cols, scratch);
    });
    return true;
  };
}

/** OpenCV's `equalizeHist` by a table. */
export function fastEqualizeHist(accelerator: Accelerator) {
  const { cv, kernels, withScratch } = accelerator;
  return (image: Mat, target: Mat): boolean => {
    if (image.type() !== cv.CV_8UC1 || !isFlat(accelerator, image)) return false;
    if (!allocate(target, image.rows, image.cols, image.type())) return false;
    const values = equalizedValues(histogramOf(accelerator, image));
    withScratch(256, (table) => {
      cv.HEAPU8.set(values, table);
      kernels.lut(addressOf(image), addressOf(target), lengthOf(image), table);
    });
    return true;
  };
}

/** What OpenCV's `equalizeHist` makes of each value: it spreads the counts in single precision. */
export function equalizedValues(counts: Uint32Array): Uint8Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const first = counts.findIndex((count) => count > 0);
  if (counts[first] === total) return new Uint8Array(256).fill(first);
  const scale = Math.fround(255 / Math.fround(total - counts[first]));
  let sum = 0;
  return Uint8Array.from(counts, (count, value) => {
    if (value <= first) return 0;
    sum += count;
    return Math.min(255, roundToEven(Math.fround(Math.fround(sum) * scale)));
  });
}
