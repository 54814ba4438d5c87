import type { Kernels } from '../kernels/load.ts';
import { histogramBytes } from './accelerated/threshold.ts';
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** How often each 8-bit value occurs in a channel. */
export function histogramOf(image: Mat, channel = 0): Uint32Array {
  const step = image.channels();
  if (kernels && image.isContinuous()) return countedByKernel(image, channel, step, kernels);
  const counts = new Uint32Array(256);
  const samples = image.data as Uint8Array;
  for (let i = channel; i < samples.length; i += step) counts[samples[i]]++;
  return counts;
}

function countedByKernel(image: Mat, channel: number, step: number, { histogram }: Kernels): Uint32Array {
  using scope = new Scope();
  const scratch = scope.mat(1, histogramBytes, cv.CV_8UC1);
  histogram(addressOf(image) + channel, image.rows * image.cols, step, addressOf(scratch));
  return new Uint32Array((scratch.data as Uint8Array).slice(0, 1024).buffer);
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
