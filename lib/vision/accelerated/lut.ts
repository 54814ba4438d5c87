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

/** The table of OpenCV's `equalizeHist`, which spreads the counts in single precision. */
export function fastEqualizeHist(accelerator: Accelerator) {
  const { cv, kernels, withScratch } = accelerator;
  return (image: Mat, target: Mat): boolean => {
    if (image.type() !== cv.CV_8UC1 || !isFlat(accelerator, image)) return false;
    if (!allocate(target, image.rows, image.cols, image.type())) return false;
    const counts = histogramOf(accelerator, image);
    const total = lengthOf(image);
    const first = counts.findIndex((count) => count > 0);
    if (counts[first] === total) {
      target.data.fill(first);
      return true;
    }
    const scale = Math.fround(255 / Math.fround(total - counts[first]));
    withScratch(256, (table) => {
      const entries = cv.HEAPU8.subarray(table, table + 256).fill(0);
      let sum = 0;
      for (let value = first + 1; value < 256; value++) {
        sum += counts[value];
        entries[value] = Math.min(255, roundToEven(Math.fround(Math.fround(sum) * scale)));
      }
      kernels.lut(addressOf(image), addressOf(target), total, table);
    });
    return true;
  };
}
