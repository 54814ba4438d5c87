/** Photos with noise that is known, and how near they are to what they were. */
import sharp from 'sharp';
import { gaussianFrom, randomFrom } from './synthetic.ts';

export function samplesOf(file: Uint8Array): Promise<Buffer> {
  return sharp(file).removeAlpha().raw().toBuffer();
}

export async function withNoise(file: Uint8Array, sigma: number): Promise<Buffer> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const gaussian = gaussianFrom(randomFrom(7));
  const noisy = Uint8ClampedArray.from(data, (sample) => sample + sigma * gaussian());
  const { width, height, channels } = info;
  return sharp(Buffer.from(noisy.buffer), { raw: { width, height, channels } }).png({ compressionLevel: 1 }).toBuffer();
}

/** Peak signal to noise ratio, in decibels. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  const squares = a.reduce((sum, sample, i) => sum + (sample - b[i]) ** 2, 0);
  return 10 * Math.log10((255 ** 2 * a.length) / squares);
}
