import sharp from 'sharp';
import { gray } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';
import { squares } from '../harness/shapes.ts';

const { reconstructed } = JSON.parse(fixture('analysis.json').toString());

test.each(Object.keys(reconstructed))('what grows under %s is what grows in scikit-image', async (name) => {
  const pixels = await grayPixels(fixture(name));
  const { width, height } = await sharp(fixture(name)).metadata();
  const seeds = await gray(Buffer.from(pixels.map((value) => (value > 180 ? value : 0))), width, height);
  const grown = await grayPixels((await run('reconstruction', seeds, {}, name)).bytes);
  expect({
    sum: grown.reduce((sum, value) => sum + value, 0),
    weighted: grown.reduce((sum, value, i) => sum + value * (i % 97), 0),
  }).toEqual(reconstructed[name]);
});

test('what the marker touches comes back whole, through corners only where they join', async () => {
  const joined = [
    [2, 2, 4],
    [6, 6, 4],
    [14, 2, 4],
  ] as const;
  const run4or8 = async (connectivity: number) =>
    grayPixels(
      (await run('reconstruction', await squares(20, 12, [[3, 3, 1]]), { connectivity }, await squares(20, 12, joined)))
        .bytes,
    );
  expect(await run4or8(8)).toEqual(await grayPixels(await squares(20, 12, joined.slice(0, 2))));
  expect(await run4or8(4)).toEqual(await grayPixels(await squares(20, 12, joined.slice(0, 1))));
});
