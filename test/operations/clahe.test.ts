import sharp from 'sharp';
import { deviation } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

test('clahe brings out local contrast', async () => {
  const dim = await sharp(fixture('coins.png')).linear(0.2, 100).png().toBuffer();
  expect(deviation(await grayPixels((await run('clahe', dim)).bytes))).toBeGreaterThan(
    1.3 * deviation(await grayPixels(dim)),
  );
});
