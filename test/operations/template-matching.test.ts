import sharp from 'sharp';
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
});
