import sharp from 'sharp';
import { gray } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

test('a page in half shadow becomes evenly bright', async () => {
  const pixels = Buffer.alloc(300 * 200);
  for (let i = 0; i < pixels.length; i++) pixels[i] = 230 - (i % 300) / 2.5;
  for (let y = 20; y < 180; y += 20)
    for (let x = 30; x < 270; x++) if (x % 9 < 4) pixels.fill(30, y * 300 + x, y * 300 + x + 1);
  const even = await grayPixels((await run('even-illumination', await gray(pixels, 300, 200))).bytes);
  expect(Math.abs(even[10 * 300 + 20] - even[10 * 300 + 280])).toBeLessThan(12);
  expect(even[10 * 300 + 280]).toBeGreaterThan(235);
  expect(even[20 * 300 + 36]).toBeLessThan(150);
});

test('a color image of 12 bits stays one, its background at the white of 12', async () => {
  const [width, height] = [200, 120];
  const samples = new Uint16Array(3 * width * height);
  for (let i = 0; i < samples.length; i += 3) {
    const light = 1 - ((i / 3) % width) / 400;
    samples.set([3600 * light, 3200 * light, 2800 * light], i);
  }
  samples[0] = 4095;
  const image = await sharp(samples, { raw: { width, height, channels: 3 } })
    .toColorspace('rgb16')
    .png()
    .toBuffer();
  const { bytes } = await run('even-illumination', image);
  const raw = await sharp(bytes).toColorspace('rgb16').raw({ depth: 'ushort' }).toBuffer();
  const at = (x: number) => raw.readUInt16LE(2 * (3 * (60 * width + x) + 1));
  expect(at(20)).toBeGreaterThan(3500);
  expect(Math.abs(at(20) - at(180))).toBeLessThan(150);
  expect(at(180)).toBeLessThan(4300);
});
