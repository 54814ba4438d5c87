/** PNG with one bit a pixel (PNG specification, color type 0): an eighth of the bytes to deflate. */

import { encodePackedPng, packRows } from './packed-png.ts';
import type { Provenance } from './provenance.ts';

/** Whether all samples are 0 or 255. */
export function isBilevel(gray: Uint8Array): boolean {
  for (let i = 0; i < gray.length; i++) if (gray[i] !== 0 && gray[i] !== 255) return false;
  return true;
}

/** Encodes samples of 0 and 255, `width` × `height` of them. */
export function encodeBilevelPng(
  gray: Uint8Array,
  width: number,
  height: number,
  provenance: Provenance = {},
): Promise<Buffer> {
  const rows = packRows(gray, width, height, 1, (sample) => sample & 1);
  return encodePackedPng(rows, { width, height, bits: 1, colorType: 0 }, { provenance });
}
