import sharp from 'sharp';
import type { Homography } from '../../lib/vision/homography.ts';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';
import { maps, transferErrors, turnedAndScaled, warped } from '../harness/warped.ts';

test('a turned and shifted shot is aligned', async () => {
  const turned = await sharp(fixture('graf1.png')).rotate(10).resize(700).png().toBuffer();
  const { bytes } = await run('register', 'graf1.png', { output: 'aligned' }, turned);
  const middle = (file: Uint8Array) =>
    sharp(file).extract({ left: 200, top: 150, width: 400, height: 300 }).removeAlpha().raw().toBuffer();
  const [a, b] = [await middle(bytes), await middle(fixture('graf1.png'))];
  expect(a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length).toBeLessThan(12);
});

test.each(maps)('a darker shot, %s, is aligned to a tenth of a pixel', async (_, truth) => {
  const shot = await warped('graf1.png', truth);
  const { measured } = await run('register', 'graf1.png', {}, shot);
  const found = measured.homography.flat() as Homography;
  const errors = transferErrors(truth, found);
  expect(errors.length).toBeGreaterThan(15);
  expect(Math.max(...errors)).toBeLessThan(0.1);
});

test('without refinement the homography is that of the matches', async () => {
  const shot = await warped('graf1.png', turnedAndScaled(10, 1));
  const { measured: matched } = await run('feature-matching', 'graf1.png', { refine: false }, shot);
  const { measured } = await run('register', 'graf1.png', { refine: false }, shot);
  expect(measured.homography).toEqual(matched.homography);
  expect((await run('register', 'graf1.png', {}, shot)).measured.homography).not.toEqual(matched.homography);
});

test('pictures of different things are not aligned', async () => {
  await expect(run('register', 'coffee.png', {}, 'box.png')).rejects.toThrow(/Too few matches agree: \d+ of \d+/);
});
