import sharp from 'sharp';
import { drawing } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';
import { writeTiff } from '../harness/tiff-writer.ts';

test('equal pictures do not differ; changed ones do where they were changed', async () => {
  const same = await run('difference', 'coins.png', {}, 'coins.png');
  expect(same.measured).toMatchObject({ mse: 0, psnr: null, ssim: 1, changedPixels: 0 });
  const a = await drawing(100, 100, 50, []);
  const b = await drawing(100, 100, 50, [{ x: 10, y: 20, width: 5, height: 4, value: 90 }]);
  const { measured } = await run('difference', a, {}, b);
  expect(measured).toMatchObject({ changedPixels: 20, mse: (20 * 1600) / 10_000 });
  expect(measured.psnr).toBeCloseTo(10 * Math.log10(255 ** 2 / 3.2), 6);
  expect(measured.ssim).toBeLessThan(1);
});

test('12 bits are compared as such, in gray values; with an image of 8 bits, on 8', async () => {
  const size = { width: 100, height: 100, channels: 1 as const };
  const deep = (values: Uint16Array) => sharp(values, { raw: size }).toColorspace('grey16').png().toBuffer();
  const base = Uint16Array.from({ length: 10_000 }, (_, i) => (i * 37) % 4096);
  // A quarter of a gray value, which 8 bits do not hold.
  const [a, b] = [await deep(base), await deep(base.map((value, i) => (i < 500 && value < 4092 ? value + 4 : value)))];
  const { measured, bytes } = await run('difference', a, { tolerance: 0, gain: 2 }, b);
  expect(measured.changedPixels).toBeGreaterThan(490);
  expect(measured.meanAbsoluteError).toBeCloseTo((measured.changedPixels * 0.25) / 10_000, 6);
  expect(measured.psnr).toBeGreaterThan(70);
  const raw = await sharp(bytes).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
  expect(raw.readUInt16LE(0)).toBe(8);
  const shallow = await sharp(Buffer.from(base.map((value) => value >> 4)), { raw: size })
    .toColorspace('b-w')
    .png()
    .toBuffer();
  for (const [image, reference] of [
    [a, shallow],
    [shallow, a],
  ])
    expect((await run('difference', image, {}, reference)).measured).toMatchObject({ mse: 0, ssim: 1 });
});

test('floating-point images, each spread by its own range, are compared by their values', async () => {
  const file = (value: (i: number) => number) =>
    writeTiff({
      width: 64,
      height: 64,
      bits: 32,
      sampleFormat: 3,
      values: Array.from({ length: 4096 }, (_, i) => value(i)),
    });
  const a = file((i) => i / 4096);
  const same = (await run('difference', a, {}, a)).measured;
  expect(same).toMatchObject({ mse: 0, ssim: 1 });
  // Half as far from black everywhere, and alike when each is spread by its own range.
  const half = (
    await run(
      'difference',
      a,
      {},
      file((i) => i / 8192),
    )
  ).measured;
  expect(half.meanAbsoluteError).toBeCloseTo(255 / 4, 0);
});

test('pictures of different sizes are not compared', async () => {
  await expect(run('difference', 'coins.png', {}, 'box.png')).rejects.toThrow(/384 × 303.*324 × 223/);
});
