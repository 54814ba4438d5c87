/** What kernels make of pixels is what our own loops, or OpenCV's functions one after the other, make of them. */
import '../../lib/imaging/engine-thread.ts';
import { equalizeLocally } from '../../lib/vision/clahe.ts';
import { clusterColors, paint } from '../../lib/vision/color-clusters.ts';
import { maskOfRange } from '../../lib/vision/color-range.ts';
import { channelOf } from '../../lib/vision/gray-channel.ts';
import { localStatistics } from '../../lib/vision/local-statistics.ts';
import { cv, loadOpenCv } from '../../lib/vision/opencv.ts';
import { Scope } from '../../lib/vision/scope.ts';
import { opacityOf, stainAmounts, usualStains } from '../../lib/vision/stains.ts';
import { thresholdLocally } from '../../lib/vision/threshold-locally.ts';
import { unmixStains } from '../../lib/vision/unmix-stains.ts';
import { kernelImages } from '../harness/kernel-images.ts';

beforeAll(loadOpenCv);

test.each([
  [2, 8],
  [1, 3],
  [40, 1],
  [3.7, 13],
])('local equalization, limit %f, %i tiles', async (clipLimit, tiles) => {
  using scope = new Scope();
  for (const [label, image] of await kernelImages(1, scope)) {
    const algorithm = scope.own(new cv.CLAHE(clipLimit, new cv.Size(tiles, tiles)));
    const expected = scope.mat();
    algorithm.apply(image, expected);
    const given = equalizeLocally(image, clipLimit, tiles, scope);
    expect({ label, same: Buffer.from(given.data).equals(expected.data) }).toEqual({ label, same: true });
  }
});

test.each([
  [[0, 60, 60], [179, 255, 255], false],
  [[250, 0, 10], [20, 255, 200], true],
  [[128, 128, 128], [128, 255, 255], false],
  [[5, 0, 0], [360, 255, 255], false],
  [[300, 0, 0], [360, 255, 255], false],
] as const)('pixels from %j to %j', async (lower, upper, wraps) => {
  using scope = new Scope();
  for (const [label, image] of await kernelImages(3, scope)) {
    const samples = image.data as Uint8Array;
    const isIn = (i: number, c: number) => samples[i + c] >= lower[c] && samples[i + c] <= upper[c];
    const expected = Array.from({ length: samples.length / 3 }, (_, i) => {
      const first = wraps ? samples[3 * i] >= lower[0] || samples[3 * i] <= upper[0] : isIn(3 * i, 0);
      return first && isIn(3 * i, 1) && isIn(3 * i, 2) ? 255 : 0;
    });
    const { mask, pixels } = maskOfRange(image, lower, upper, wraps, scope);
    expect({ label, same: Buffer.from(mask.data).equals(Buffer.from(expected)) }).toEqual({ label, same: true });
    expect(pixels).toBe(expected.filter((value) => value > 0).length);
  }
});

test.each(['red', 'green', 'blue'] as const)('the channel %s', async (name) => {
  using scope = new Scope();
  const index = ['red', 'green', 'blue'].indexOf(name);
  for (const [label, image] of await kernelImages(3, scope)) {
    const expected = (image.data as Uint8Array).filter((_, i) => i % 3 === index);
    const given = channelOf(image, name, scope);
    expect({ label, same: Buffer.from(given.data).equals(expected) }).toEqual({ label, same: true });
  }
});

test('colors are given to the nearest of the clusters, and painted', async () => {
  using scope = new Scope();
  for (const [label, image] of await kernelImages(3, scope)) {
    const { centers, labels, counts } = clusterColors(image, 5, scope);
    const cells = new Map<number, number>();
    const samples = image.data as Uint8Array;
    const expected = Array.from({ length: samples.length / 3 }, (_, i) => {
      const color = [samples[3 * i], samples[3 * i + 1], samples[3 * i + 2]];
      const cell = color.reduce((key, sample) => key * 64 + (sample >> 2), 0);
      const distances = centers.map((center) => center.reduce((sum, value, c) => sum + (value - color[c]) ** 2, 0));
      if (!cells.has(cell)) cells.set(cell, distances.indexOf(Math.min(...distances)));
      return cells.get(cell) ?? 0;
    });
    expect({ label, same: Buffer.from(labels.data).equals(Buffer.from(expected)) }).toEqual({ label, same: true });
    expect(Array.from(counts)).toEqual(centers.map((_, c) => expected.filter((found) => found === c).length));
    const painted = Buffer.from(expected.flatMap((found) => centers[found]));
    expect(Buffer.from(paint(labels, centers, scope).data).equals(painted)).toBe(true);
  }
});

test.each(['hematoxylin', 'eosin', 'dab'] as const)('how much %s there is', async (stain) => {
  using scope = new Scope();
  for (const [label, image] of await kernelImages(3, scope)) {
    const amounts = stainAmounts(image.data as Uint8Array, usualStains, stain);
    const expected = Buffer.from(Array.from(amounts, (amount) => Math.round(255 * opacityOf(amount))));
    const { gray, means } = unmixStains(image, usualStains, stain, scope);
    expect({ label, same: Buffer.from(gray.data).equals(expected) }).toEqual({ label, same: true });
    expect(means()[stain]).toBeCloseTo(amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length, 9);
  }
});

test.each([
  ['sauvola', 25, 0.2],
  ['niblack', 7, -0.3],
  ['sauvola', 99, -0.5],
] as const)('a local threshold, %s, %i, %f', async (method, size, k) => {
  using scope = new Scope();
  for (const [label, image] of await kernelImages(1, scope)) {
    const samples = image.data as Uint8Array;
    const expected = Buffer.alloc(samples.length);
    localStatistics(samples, image.rows, image.cols, size, (i, mean, deviation) => {
      const level = method === 'sauvola' ? mean * (1 + k * (deviation / 127.5 - 1)) : mean - k * deviation;
      expected[i] = samples[i] > level ? 0 : 255;
    });
    const given = thresholdLocally(image, { black: 0, white: 255 }, { method, size, k, invert: true }, scope);
    expect({ label, same: Buffer.from(given.data).equals(expected) }).toEqual({ label, same: true });
  }
});
