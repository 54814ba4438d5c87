import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';
import { squares } from '../harness/shapes.ts';

/** One in the middle, one at the top, one at a corner by its corner alone, one two pixels from the right. */
const four = () =>
  squares(100, 80, [
    [40, 30, 10],
    [20, 0, 8],
    [0, 70, 10],
    [88, 40, 10],
  ]);
const inMiddle = [[40, 30, 10]] as const;

test('objects that touch the border go, the others stay as they are', async () => {
  const { bytes, measured } = await run('clear-border', await four());
  expect(measured).toMatchObject({ count: 2, removed: 2 });
  expect(await grayPixels(bytes)).toEqual(await grayPixels(await squares(100, 80, [...inMiddle, [88, 40, 10]])));
});

test('with a margin, so do those that are near', async () => {
  const { bytes, measured } = await run('clear-border', await four(), { margin: 2 });
  expect(measured).toMatchObject({ count: 1, removed: 3 });
  expect(await grayPixels(bytes)).toEqual(await grayPixels(await squares(100, 80, inMiddle)));
});

test('an image that is nothing but border keeps nothing', async () => {
  const { measured } = await run('clear-border', await four(), { margin: 1000 });
  expect(measured).toMatchObject({ count: 0, removed: 4 });
});
