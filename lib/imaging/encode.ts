import sharp from 'sharp';
import { encodeBilevelPng, isBilevel } from './bilevel-png.ts';
import type { Pixels } from './decode.ts';
import type { Format } from './formats.ts';

const quality = 90;

/** Encodes pixels. Data that is only black and white becomes a 1-bit PNG; `format` is that of the bytes. */
export async function encode(pixels: Omit<Pixels, 'format' | 'pages'>, format: Format): Promise<Buffer> {
  const { data, width, height, channels, depth } = pixels;
  if (format === 'png' && channels === 1 && depth === 8 && isBilevel(data))
    return encodeBilevelPng(data, width, height);
  const samples = depth === 16 ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  const image = sharp(samples, { raw: { width, height, channels } });
  // sharp would turn gray into RGB, and 16 bits into 8.
  if (channels === 1) image.toColourspace(depth === 16 ? 'grey16' : 'b-w');
  else if (depth === 16) image.toColourspace('rgb16');
  switch (format) {
    case 'jpeg':
      return image.jpeg({ quality, optimiseCoding: false }).toBuffer();
    case 'webp':
      return image.webp({ quality, effort: 2 }).toBuffer();
    case 'avif':
      return image.avif({ quality: 60, effort: 2 }).toBuffer();
    case 'tiff':
      return image.tiff({ compression: 'deflate', predictor: 'horizontal' }).toBuffer();
    default:
      return image.png({ compressionLevel: 3 }).toBuffer();
  }
}

/** The format of a result: data must stay exact, pictures stay in the input's format; GIF cannot hold a photo. */
export function outputFormat(input: Pixels, kind: 'picture' | 'data', depth: 8 | 16): Format {
  if (kind === 'data' || input.format === 'gif') return 'png';
  const deepFormats: Format[] = ['png', 'tiff'];
  return depth === 16 && !deepFormats.includes(input.format) ? 'png' : input.format;
}
