import { cv, type Mat } from './opencv.ts';
import type { Scope } from './scope.ts';

/** Replaces each 8-bit sample by `value(sample)`, rounded and clamped; with three functions, one for each channel. */
export function mapSamples(image: Mat, value: ((sample: number) => number)[], scope: Scope): Mat {
  const channels = image.channels();
  const table = scope.mat(1, 256, channels === 1 ? cv.CV_8UC1 : cv.CV_8UC3);
  const entries = new Uint8ClampedArray(256 * channels);
  for (let i = 0; i < entries.length; i++) {
    entries[i] = value[Math.min(i % channels, value.length - 1)](Math.floor(i / channels));
  }
  (table.data as Uint8Array).set(entries);
  const mapped = scope.mat();
  cv.LUT(image, table, mapped);
  return mapped;
}
