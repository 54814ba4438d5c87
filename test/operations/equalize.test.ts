import sharp from 'sharp';
import { deviation } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

test('a flat picture fills the whole range', async () => {
  const dim = await sharp(fixture('coins.png')).linear(0.2, 100).png().toBuffer();
  const pixels = await grayPixels((await run('equalize', dim)).bytes);
  const values = new Set(pixels);
  expect([Math.min(...values), Math.max(...values)]).toEqual([0, 255]);
  expect(deviation(pixels)).toBeGreaterThan(2 * deviation(await grayPixels(dim)));
});
