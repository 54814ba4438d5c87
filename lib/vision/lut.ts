import { type GrayScale, grayOf, sampleOf } from './gray-scale.ts';
import { cv, type Mat } from './opencv.ts';
import type { Scope } from './scope.ts';

/** Replaces each sample by `value(sample)`, in gray values from 0 to 255, clamped; with three functions, one for each channel. */
export function mapSamples(image: Mat, value: ((gray: number) => number)[], scale: GrayScale, scope: Scope): Mat {
  return image.elemSize1() === 2 ? mapDeep(image, value, scale, scope) : mapEightBits(image, value, scope);
}

function mapEightBits(image: Mat, value: ((sample: number) => number)[], scope: Scope): Mat {
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

const deepValues = 65_536;

function mapDeep(image: Mat, value: ((gray: number) => number)[], scale: GrayScale, scope: Scope): Mat {
  const channels = image.channels();
  const tables = value.map((map) =>
    Uint16Array.from({ length: deepValues }, (_, sample) => {
      const gray = Math.min(255, Math.max(0, grayOf(scale, sample)));
      return Math.min(deepValues - 1, Math.max(0, Math.round(sampleOf(scale, Math.min(255, Math.max(0, map(gray)))))));
    }),
  );
  const mapped = scope.mat(image.rows, image.cols, image.type());
  const [source, target] = [image.data16U as Uint16Array, mapped.data16U as Uint16Array];
  for (let c = 0; c < channels; c++) {
    const table = tables[Math.min(c, tables.length - 1)];
    for (let i = c; i < source.length; i += channels) target[i] = table[source[i]];
  }
  return mapped;
}
