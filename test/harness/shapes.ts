import sharp from 'sharp';

/** Left, top and side, in pixels. */
type Square = readonly [left: number, top: number, side: number];

/** A PNG with white squares on black, and black ones on them. */
export function squares(width: number, height: number, white: readonly Square[], black: readonly Square[] = []) {
  const pixels = new Uint8Array(width * height);
  for (const [value, some] of [
    [255, white],
    [0, black],
  ] as const)
    for (const [left, top, side] of some)
      for (let y = top; y < Math.min(height, top + side); y++)
        pixels.fill(value, y * width + left, y * width + Math.min(width, left + side));
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}
