import sharp from 'sharp';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';

test('a blurred picture has a lower variance, whatever the scale of the result', async () => {
  const variance = async (image: string | Uint8Array, params = {}) =>
    (await run('laplacian', image, params)).measured.variance;
  const blurred = await sharp(fixture('coins.png')).blur(2).png().toBuffer();
  expect(await variance(blurred)).toBeLessThan(0.5 * (await variance('coins.png')));
  expect(await variance('coins.png', { scale: 5 })).toBe(await variance('coins.png'));
});
