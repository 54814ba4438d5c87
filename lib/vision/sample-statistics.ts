import type { Kernels } from '../kernels/load.ts';
import { histogramBytes } from './accelerated/threshold.ts';
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** How often each value of 8 or 16 bits occurs in a channel. */
export function histogramOf(image: Mat, channel = 0): Uint32Array {
  const step = image.channels();
  const isDeep = image.elemSize1() === 2;
  if (kernels && image.isContinuous() && !isDeep) return countedByKernel(image, channel, step, kernels);
  const counts = new Uint32Array(isDeep ? 65_536 : 256);
  const samples = (isDeep ? image.data16U : image.data) as Uint8Array | Uint16Array;
  for (let i = channel; i < samples.length; i += step) counts[samples[i]]++;
  return counts;
}

function countedByKernel(image: Mat, channel: number, step: number, { histogram }: Kernels): Uint32Array {
  using scope = new Scope();
  const scratch = scope.mat(1, histogramBytes, cv.CV_8UC1);
  histogram(addressOf(image) + channel, image.rows * image.cols, step, addressOf(scratch));
  return new Uint32Array((scratch.data as Uint8Array).slice(0, 1024).buffer);
}

/** Samples counted in bins of equal width, the first of which begins at `start`. */
export interface Bins {
  start: number;
  width: number;
  counts: Uint32Array;
}

const binCount = 256;

/** 256 bins of equal width: those of 8 bits, or from the least sample to the greatest. */
export function inBins(all: Uint32Array): Bins {
  if (all.length === binCount) return { start: 0, width: 1, counts: all };
  const start = all.findIndex((count) => count > 0);
  const width = Math.max(1, (all.findLastIndex((count) => count > 0) + 1 - start) / binCount);
  const counts = new Uint32Array(binCount);
  for (let sample = start; sample < all.length; sample++)
    counts[Math.min(binCount - 1, Math.floor((sample - start) / width))] += all[sample];
  return { start, width, counts };
}

/** The least value that `percent` of the samples do not exceed. */
export function percentileOf(counts: Uint32Array, percent: number): number {
  const wanted = (percent / 100) * counts.reduce((sum, count) => sum + count, 0);
  let value = 0;
  for (let seen = counts[0]; seen < wanted; seen += counts[value]) value++;
  return value;
}

/** The percentile of the samples, interpolated between neighbors in order, as numpy's `percentile`. */
export function interpolatedPercentile(counts: Uint32Array, percent: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const place = (percent / 100) * (total - 1);
  const below = Math.floor(place);
  const at = valueAt(counts, below);
  return at + (place - below) * (valueAt(counts, Math.min(total - 1, below + 1)) - at);
}

/** The sample at that place in order, counted from 0. */
function valueAt(counts: Uint32Array, place: number): number {
  let value = 0;
  for (let seen = counts[0]; seen <= place; seen += counts[value]) value++;
  return value;
}
