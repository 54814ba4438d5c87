/** PNG of few colors (PNG specification, color type 3), lossless, as no library here writes it without quantizing first. */

import { encodePackedPng, packRows } from './packed-png.ts';
import type { Provenance } from './provenance.ts';

const maxColors = 256;

/** The palette of an RGB image and the index of each pixel; null for one of more than 256 colors. */
export function indexColors(rgb: Uint8Array): { palette: number[]; indices: Uint8Array } | null {
  const indices = new Uint8Array(rgb.length / 3);
  const known = new Map<number, number>();
  let [last, index] = [-1, 0];
  for (let i = 0, p = 0; i < indices.length; i++, p += 3) {
    const color = (rgb[p] << 16) | (rgb[p + 1] << 8) | rgb[p + 2];
    if (color !== last) {
      last = color;
      index = known.get(color) ?? known.size;
      if (index === maxColors) return null;
      known.set(color, index);
    }
    indices[i] = index;
  }
  return { palette: [...known.keys()], indices };
}

export function encodeIndexedPng(
  indices: Uint8Array,
  palette: number[],
  width: number,
  height: number,
  provenance: Provenance = {},
): Promise<Buffer> {
  const bits = palette.length <= 2 ? 1 : palette.length <= 4 ? 2 : palette.length <= 16 ? 4 : 8;
  const entries = Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]));
  const rows = packRows(indices, width, height, bits, (index) => index);
  return encodePackedPng(rows, { width, height, bits, colorType: 3 }, { palette: entries, provenance });
}
