import type { Kernels } from '../kernels/load.ts';
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** k-means learns the colors from at most so many pixels; all pixels are then given to the nearest. */
const maxSamples = 20_000;
const iterations = 20;

export interface ColorClusters {
  /** Red, green and blue of each cluster. */
  centers: number[][];
  /** The cluster of each pixel, 8 bits. */
  labels: Mat;
  /** Pixels in each cluster. */
  counts: Uint32Array;
}

/** Clusters the colors of an RGB image by k-means with k-means++ seeding; the same image gives the same clusters. */
export function clusterColors(rgb: Mat, count: number, scope: Scope): ColorClusters {
  const pixels = rgb.data as Uint8Array;
  const total = pixels.length / 3;
  const centers = learnCenters(pixels, total, Math.min(count, total));
  const labels = scope.mat(rgb.rows, rgb.cols, cv.CV_8UC1);
  if (kernels && rgb.isContinuous()) return { centers, labels, counts: labelByKernel(rgb, labels, centers, kernels) };
  const nearest = nearestCenter(centers);
  const [samples, numbers] = [rgb.data as Uint8Array, labels.data as Uint8Array];
  const counts = new Uint32Array(centers.length);
  for (let i = 0, p = 0; i < total; i++, p += 3) {
    numbers[i] = nearest(samples[p], samples[p + 1], samples[p + 2]);
    counts[numbers[i]]++;
  }
  return { centers, labels, counts };
}

/** Bytes of the table of answers for colors of six bits a channel. */
const knownBytes = 2 << 18;

function labelByKernel(rgb: Mat, labels: Mat, centers: number[][], { nearestColors }: Kernels): Uint32Array {
  using scope = new Scope();
  const known = scope.mat(1, knownBytes, cv.CV_8UC1);
  const counts = scope.mat(1, centers.length, cv.CV_32SC1);
  const table = scope.mat(centers.length, 3, cv.CV_32SC1);
  (table.data32S as Int32Array).set(centers.flat());
  nearestColors(
    ...([addressOf(rgb), addressOf(labels), rgb.rows * rgb.cols, addressOf(table), centers.length] as const),
    ...([addressOf(known), addressOf(counts)] as const),
  );
  return Uint32Array.from(counts.data32S as Int32Array);
}

/** An RGB image of the color of each number, 0 to 255. */
export function paint(labels: Mat, colors: readonly (readonly number[])[], outer: Scope): Mat {
  const result = outer.mat(labels.rows, labels.cols, cv.CV_8UC3);
  if (kernels && labels.isContinuous()) {
    using scope = new Scope();
    const table = scope.mat(1, 1024, cv.CV_8UC1);
    for (const [i, color] of colors.entries()) (table.data as Uint8Array).set(color, 4 * i);
    kernels.palette(addressOf(labels), addressOf(result), labels.rows * labels.cols, addressOf(table));
    return result;
  }
  const [numbers, target] = [labels.data as Uint8Array, result.data as Uint8Array];
  for (let i = 0, p = 0; i < numbers.length; i++) for (const sample of colors[numbers[i]]) target[p++] = sample;
  return result;
}

function learnCenters(pixels: Uint8Array, total: number, count: number): number[][] {
  using scope = new Scope();
  const step = Math.max(1, Math.floor(total / maxSamples));
  const rows = Math.ceil(total / step);
  // OpenCV takes a single row for as many samples as it has columns.
  if (rows === 1) return [Array.from(pixels.subarray(0, 3))];
  const samples = new Float32Array(rows * 3);
  for (let i = 0; i < rows; i++) samples.set(pixels.subarray(i * step * 3, i * step * 3 + 3), i * 3);
  const data = scope.mat(rows, 3, cv.CV_32FC1);
  data.data32F.set(samples);
  const criteria = new cv.TermCriteria(cv.TermCriteria_EPS + cv.TermCriteria_MAX_ITER, iterations, 0.5);
  const found = scope.mat();
  cv.setRNGSeed(1);
  cv.kmeans(data, count, scope.mat(), criteria, 3, cv.KMEANS_PP_CENTERS, found);
  const values = found.data32F as Float32Array;
  return Array.from({ length: count }, (_, i) => Array.from(values.subarray(i * 3, i * 3 + 3), Math.round));
}

/** Finds the nearest center; colors that are equal in their upper six bits a channel share the answer of the first. */
function nearestCenter(centers: number[][]): (red: number, green: number, blue: number) => number {
  const known = new Int16Array(1 << 18).fill(-1);
  return (red, green, blue) => {
    const cell = ((red >> 2) << 12) | ((green >> 2) << 6) | (blue >> 2);
    if (known[cell] >= 0) return known[cell];
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let c = 0; c < centers.length; c++) {
      const [r, g, b] = centers[c];
      const distance = (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2;
      if (distance < least) [least, best] = [distance, c];
    }
    known[cell] = best;
    return best;
  };
}
