import sharp from 'sharp';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';

test.each(['gray-world', 'white-patch'])('%s takes a color cast out', async (method) => {
  const cast = await sharp(fixture('coffee.png')).linear([1, 0.8, 0.6], [0, 0, 0]).png().toBuffer();
  const ratio = async (bytes: Uint8Array) => {
    const { channels } = await sharp(await sharp(bytes).removeAlpha().png().toBuffer()).stats();
    return channels[0].mean / channels[2].mean;
  };
  const before = await ratio(cast);
  const after = await ratio((await run('white-balance', cast, { method })).bytes);
  expect(Math.abs(after - 1)).toBeLessThan(Math.abs(before - 1));
});
