import sharp from 'sharp';
import { drawing } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';

test('a part of a picture is found where it was taken from', async () => {
  const part = await sharp(fixture('coffee.png'))
    .extract({ left: 210, top: 130, width: 60, height: 50 })
    .png()
    .toBuffer();
  const { measured } = await run('template-matching', 'coffee.png', {}, part);
  expect(measured.matches[0].box).toEqual({ x: 210, y: 130, width: 60, height: 50 });
  expect(measured.matches[0].score).toBeGreaterThan(0.999);
  expect(measured).toMatchObject({ count: 1, truncated: false });
});

test('more places than are wanted are said', async () => {
  const dots = [10, 40, 70].map((x) => ({ x, y: 20, width: 8, height: 8, value: 250 }));
  const image = await drawing(100, 50, 10, dots);
  const part = await sharp(image).extract({ left: 5, top: 15, width: 18, height: 18 }).png().toBuffer();
  const found = async (maxMatches: number) => (await run('template-matching', image, { maxMatches }, part)).measured;
  expect(await found(3)).toMatchObject({ count: 3, truncated: false });
  expect(await found(2)).toMatchObject({ count: 2, truncated: true });
});
