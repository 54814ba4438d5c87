import sharp from 'sharp';
import { plain, rgb } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

const { rescaled } = JSON.parse(fixture('analysis.json').toString());

test.each(Object.keys(rescaled))('%s is stretched as by scikit-image', async (name) => {
  const { bytes, measured } = await run('rescale', name, { low: 2, high: 97.3 });
  const { black, white, mean } = rescaled[name];
  expect(measured.ranges[0].black).toBeCloseTo(black, 6);
  expect(measured.ranges[0].white).toBeCloseTo(white, 6);
  const pixels = await grayPixels(bytes);
  expect(pixels.reduce((sum, value) => sum + value, 0) / pixels.length).toBeCloseTo(mean, 1);
});

test('12 bits in 16 become all of 16, or of 8', async () => {
  const samples = Uint16Array.from({ length: 4096 }, (_, i) => i);
  const deep = await sharp(samples, { raw: { width: 64, height: 64, channels: 1 } })
    .toColorspace('grey16')
    .png()
    .toBuffer();
  const all = { low: 0, high: 100 };
  const { bytes } = await run('rescale', deep, all);
  const raw = await sharp(bytes).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
  expect([raw.readUInt16LE(2), raw.readUInt16LE(2 * 4095)]).toEqual([16, 65_535]);
  const shown = await run('rescale', deep, { ...all, bits: 'eight' });
  expect(await sharp(shown.bytes).metadata()).toMatchObject({ depth: 'uchar' });
  expect(new Set(await grayPixels(shown.bytes)).size).toBe(256);
});

test('a plain image stays black, and each color can be stretched by itself', async () => {
  expect((await rgb((await run('rescale', await plain('#808080', 4))).bytes))[0]).toBe(0);
  const two = await sharp(Buffer.from([10, 20, 30, 60, 40, 230]), { raw: { width: 2, height: 1, channels: 3 } })
    .png()
    .toBuffer();
  const { bytes } = await run('rescale', two, { low: 0, high: 100, channels: 'each' });
  expect([...(await rgb(bytes))]).toEqual([0, 0, 0, 255, 255, 255]);
});
