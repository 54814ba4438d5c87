/** Photos of any size, made of the fixtures. */
import sharp from 'sharp';
import { encode } from '../lib/imaging/encode.ts';
import type { OutputFormat } from '../lib/imaging/formats.ts';
import { fixturePath } from '../test/harness/fixtures.ts';

export interface Size {
  name: string;
  width: number;
  height: number;
}

export const tiny: Size = { name: '0.25', width: 577, height: 433 };
/** What is repeated in larger ones. */
export const small: Size = { name: '1', width: 1155, height: 866 };
export const large: Size = { name: '4', width: 2310, height: 1732 };

const photos = new Map<string, Promise<Buffer<ArrayBuffer>>>();

/** A fixture as a photo of that size, in that format; made once. */
export function photo(name: string, size: Size, format: OutputFormat): Promise<Buffer<ArrayBuffer>> {
  const key = [name, size.name, format].join();
  const made = photos.get(key) ?? makePhoto(name, size, format);
  photos.set(key, made);
  return made;
}

/**
 * A photo of that size: a small one repeated side by side, so that a large one has as much detail per megapixel, with noise as
 * a sensor has it.
 */
async function makePhoto(name: string, { width, height }: Size, format: OutputFormat): Promise<Buffer<ArrayBuffer>> {
  const { data: tile, info } = await sharp(fixturePath(name))
    .removeAlpha()
    .toColorspace('srgb')
    .resize(small.width, small.height, { fit: 'cover', kernel: 'cubic' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const data = Buffer.alloc(width * height * 3);
  const stride = info.width * 3;
  for (let y = 0; y < height; y++) {
    const row = tile.subarray((y % info.height) * stride, ((y % info.height) + 1) * stride);
    for (let x = 0; x < width; x += info.width)
      row.copy(data, (y * width + x) * 3, 0, Math.min(info.width, width - x) * 3);
  }
  addNoise(data);
  return (await encode({ data, width, height, channels: 3, depth: 8 }, format, 'picture')).bytes as Buffer<ArrayBuffer>;
}

/** The same for a pixel's three samples, with a standard deviation of 2: a sum of three even distributions. */
function addNoise(data: Buffer): void {
  let state = 1;
  const next = () => {
    // Numerical Recipes' linear congruential generator.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < data.length; i += 3) {
    const noise = Math.round(4 * (next() + next() + next() - 1.5));
    for (let c = i; c < i + 3; c++) data[c] = Math.max(0, Math.min(255, data[c] + noise));
  }
}
