import sharp from 'sharp';
import { deviation, gray } from './drawing.ts';
import { grayPixels } from './pixels.ts';

/** Gray 100 left of a step to 200, with noise of ±20; 200 × 100 pixels. */
export function noisyStep(): Promise<Buffer> {
  const pixels = Buffer.alloc(200 * 100);
  let seed = 7;
  for (let i = 0; i < pixels.length; i++) {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    pixels[i] = (i % 200 < 100 ? 100 : 200) + ((seed >> 16) % 41) - 20;
  }
  return gray(pixels, 200, 100);
}

/** The noise that is left in the flat area left of the step. */
export async function noiseOf(bytes: Uint8Array): Promise<number> {
  const flat = sharp(bytes).extract({ left: 10, top: 10, width: 80, height: 80 });
  return deviation(await flat.toColorspace('b-w').raw().toBuffer());
}

/** How far the means of the columns differ that are next to the step's. */
export async function edgeHeight(bytes: Uint8Array): Promise<number> {
  const pixels = await grayPixels(bytes);
  const mean = (x: number) => Array.from({ length: 100 }, (_, y) => pixels[y * 200 + x]).reduce((a, b) => a + b) / 100;
  return mean(101) - mean(98);
}
