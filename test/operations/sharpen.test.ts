import sharp from 'sharp';
import { gray, rgb } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run, runSteps } from '../harness/run.ts';

test('sharpening makes edges steeper, and amount 0 changes nothing', async () => {
  const focus = async (steps: object[]) =>
    (await runSteps('coffee.png', [...steps, { operation: 'laplacian' }])).measurements.at(-1)?.variance;
  expect(await focus([{ operation: 'sharpen' }])).toBeGreaterThan(1.5 * Number(await focus([])));
  const { bytes } = await run('sharpen', 'coffee.png', { amount: 0 });
  expect((await rgb(bytes)).equals(await rgb(fixture('coffee.png')))).toBe(true);
});

test('an edge becomes steeper without a halo, and with one where it is asked for', async () => {
  const step = await sharp(
    await gray(Buffer.from(Array.from({ length: 64 * 64 }, (_, i) => (i % 64 < 32 ? 60 : 180))), 64, 64),
  )
    .blur(1.5)
    .toColorspace('b-w')
    .png()
    .toBuffer();
  const row = async (file: Uint8Array) => [...(await grayPixels(file)).subarray(32 * 64, 33 * 64)];
  const slope = (samples: number[]) => Math.max(...samples.map((sample, x) => sample - (samples[x - 1] ?? sample)));
  const before = await row(step);
  const sharpened = await row((await run('sharpen', step, { amount: 2 })).bytes);
  expect(slope(sharpened)).toBeGreaterThan(1.5 * slope(before));
  expect([Math.min(...sharpened), Math.max(...sharpened)]).toEqual([Math.min(...before), Math.max(...before)]);
  const plain = await row((await run('sharpen', step, { amount: 2, overshoot: 100 })).bytes);
  expect(Math.max(...plain)).toBeGreaterThan(Math.max(...before) + 10);
});
