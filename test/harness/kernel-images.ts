/** Images that kernels are held against OpenCV on: of odd sizes, of one row or column, random, of few values, and of a photograph. */
import { join } from 'node:path';
import sharp from 'sharp';
import { projectRoot } from '../../lib/project-root.ts';
import { cv, type Mat } from '../../lib/vision/opencv.ts';
import type { Scope } from '../../lib/vision/scope.ts';

const sizes = [
  [1, 1],
  [15, 3],
  [16, 1],
  [1, 16],
  [1, 40],
  [17, 2],
  [31, 5],
  [33, 17],
  [64, 64],
  [97, 61],
  [257, 33],
] as const;

/** 8-bit images of `channels` channels, with what they are. */
export async function kernelImages(channels: 1 | 3 | 4, scope: Scope): Promise<[name: string, image: Mat][]> {
  const type = { 1: cv.CV_8UC1, 3: cv.CV_8UC3, 4: cv.CV_8UC4 }[channels];
  const images: [string, Mat][] = [];
  for (const [width, height] of sizes) {
    for (const values of [2, 5, 256]) {
      const image = scope.mat(height, width, type);
      fill(image.data, values, width + height);
      images.push([`${width} × ${height}, ${values} values`, image]);
    }
  }
  const photograph = sharp(join(projectRoot, 'test/fixtures/fruits.jpg')).resize(509, 383);
  const sample = { 1: photograph.toColorspace('b-w'), 3: photograph, 4: photograph.ensureAlpha(0.5) }[channels];
  const raw = await sample.raw().toBuffer();
  const image = scope.mat(383, 509, type);
  image.data.set(raw);
  images.push(['photograph', image]);
  return images;
}

/** Repeatable noise (G. Marsaglia, "Xorshift RNGs", 2003) of so many values between 0 and 255. */
function fill(data: Uint8Array, values: number, seed: number): void {
  let state = seed;
  for (let i = 0; i < data.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    data[i] = Math.round((((state >>> 8) % values) * 255) / (values - 1));
  }
}
