/** Pictures whose pixels are known, as PNG, and what is read off results. */
import sharp from 'sharp';

type Shape = { x: number; y: number; width: number; height: number; value: number };

/** Gray rectangles on a gray ground. */
export function drawing(width: number, height: number, ground: number, shapes: Shape[]): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height, ground);
  for (const { x, y, width: w, height: h, value } of shapes) {
    for (let row = y; row < y + h; row++) pixels.fill(value, row * width + x, row * width + x + w);
  }
  return gray(pixels, width, height);
}

/** An 8-bit gray PNG of these samples. */
export function gray(pixels: Buffer, width: number, height: number): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .toColorspace('b-w')
    .png()
    .toBuffer();
}

/** A square of one color. */
export const plain = (background: string, size = 60) =>
  sharp({ create: { width: size, height: size, channels: 3, background } })
    .png()
    .toBuffer();

/** Two bright rectangles on a dark ground, of 1200 and 1500 pixels. */
export const twoRectangles = () =>
  drawing(200, 120, 20, [
    { x: 20, y: 30, width: 60, height: 20, value: 200 },
    { x: 120, y: 40, width: 30, height: 50, value: 180 },
  ]);

/** The sRGB samples of an encoded image, without transparency. */
export const rgb = (bytes: Uint8Array) => sharp(bytes).removeAlpha().toColorspace('srgb').raw().toBuffer();

/** The standard deviation of samples. */
export const deviation = (pixels: Buffer) => {
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  return Math.sqrt(pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels.length);
};
