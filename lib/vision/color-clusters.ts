import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** k-means learns the colors from at most so many pixels; all pixels are then given to the nearest. */
const maxSamples = 20_000;
const iterations = 20;

export interface ColorClusters {
  /** Red, green and blue of each cluster. */
  centers: number[][];
  /** The cluster of each pixel. */
  labels: Uint8Array;
  /** Pixels in each cluster. */
  counts: Uint32Array;
}

/** Clusters the colors of an RGB image by k-means with k-means++ seeding; the same image gives the same clusters. */
export function clusterColors(rgb: Mat, count: number): ColorClusters {
  const pixels = rgb.data as Uint8Array;
  const total = pixels.length / 3;
  const centers = learnCenters(pixels, total, Math.min(count, total));
  const nearest = nearestCenter(centers);
  const labels = new Uint8Array(total);
  const counts = new Uint32Array(centers.length);
  for (let i = 0, p = 0; i < total; i++, p += 3) {
    labels[i] = nearest(pixels[p], pixels[p + 1], pixels[p + 2]);
    counts[labels[i]]++;
  }
  return { centers, labels, counts };
}

function learnCenters(pixels: Uint8Array, total: number, count: number): number[][] {
  using scope = new Scope();
  const step = Math.max(1, Math.floor(total / maxSamples));
  const rows = Math.ceil(total / step);
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
