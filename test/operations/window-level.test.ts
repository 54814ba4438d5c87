import sharp from 'sharp';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

test('a window shows its part of a 16-bit range', async () => {
  const values = Uint16Array.from({ length: 64 * 64 }, (_, i) => 1000 + i);
  const image = await sharp(values, { raw: { width: 64, height: 64, channels: 1 } })
    .toColorspace('grey16')
    .png()
    .toBuffer();
  const pixels = await grayPixels((await run('window-level', image, { center: 3000, width: 1001 })).bytes);
  expect(pixels[0]).toBe(0);
  expect(pixels[2000]).toBe(128);
  expect(pixels[4095]).toBe(255);
});
