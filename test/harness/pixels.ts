import { createHash } from 'node:crypto';
import sharp from 'sharp';

/** The gray samples of an encoded gray image. */
export function grayPixels(bytes: Uint8Array): Promise<Buffer> {
  return sharp(bytes).toColorspace('b-w').raw().toBuffer();
}

export async function graySha256(bytes: Uint8Array): Promise<string> {
  return createHash('sha256')
    .update(await grayPixels(bytes))
    .digest('hex');
}
