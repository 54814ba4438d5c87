import sharp from 'sharp';
import { plain } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

const sampleOf = async (color: string, channel: string) =>
  (await grayPixels((await run('channel', await plain(color, 2), { channel })).bytes))[0];

test.each([
  ['red', 10],
  ['green', 120],
  ['blue', 250],
  ['hue', Math.round((255 * 212.5) / 360)],
  ['saturation', Math.round((255 * 240) / 250)],
  ['lightness', 133],
])('%s of a blue is %i', async (channel, expected) => {
  expect(Math.abs((await sampleOf('#0a78fa', channel)) - expected)).toBeLessThanOrEqual(1);
});

test('more of a stain is brighter, and white has none of it', async () => {
  // Light through hematoxylin of absorbance 1.
  const nucleus = `#${[0.65, 0.7, 0.29].map((v) => Math.round(255 * Math.exp(-v)).toString(16)).join('')}`;
  expect(await sampleOf('#ffffff', 'hematoxylin')).toBe(0);
  expect(Math.abs((await sampleOf(nucleus, 'hematoxylin')) - 255 * (1 - Math.exp(-1)))).toBeLessThan(2);
  expect(await sampleOf(nucleus, 'dab')).toBeLessThanOrEqual(2);
});

test('16 bits are looked at as they are', async () => {
  const pixel = Uint16Array.of(1000, 2000, 60_000);
  const deep = await sharp(pixel, { raw: { width: 1, height: 1, channels: 3 } })
    .toColorspace('rgb16')
    .png()
    .toBuffer();
  const sample = async (channel: string) => {
    const { bytes } = await run('channel', deep, { channel });
    const raw = await sharp(bytes).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
    return raw.readUInt16LE();
  };
  expect(await sample('blue')).toBe(60_000);
  expect(await sample('saturation')).toBeCloseTo((65_535 * 59) / 60, -1);
});

test('a gray image has no hue, which is said', async () => {
  await expect(run('channel', 'coins.png', { channel: 'hue' })).rejects.toThrow('A gray image has no hue.');
  expect(await grayPixels((await run('channel', 'coins.png', { channel: 'red' })).bytes)).toEqual(
    await grayPixels(await sharp((await run('grayscale', 'coins.png')).bytes).toBuffer()),
  );
});
