import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';
import { squares } from '../harness/shapes.ts';

const square = () => squares(60, 60, [[20, 20, 21]]);

test('in a square the distance grows by one from each edge to the middle', async () => {
  const { bytes, measured } = await run('distance-transform', await square(), { scale: 10 });
  const pixels = await grayPixels(bytes);
  const row = [...pixels.subarray(30 * 60 + 18, 30 * 60 + 32)];
  expect(row).toEqual([0, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 100]);
  expect(measured.maxDistance).toBe(11);
});

test('beside a single background pixel it is the Euclidean one', async () => {
  const holed = await squares(60, 60, [[0, 0, 60]], [[30, 30, 1]]);
  const pixels = await grayPixels((await run('distance-transform', holed, { objects: 'bright', scale: 10 })).bytes);
  const at = (x: number, y: number) => pixels[y * 60 + x];
  expect([at(33, 34), at(30, 35), at(22, 24)]).toEqual([50, 50, 100]);
});

test('without a scale the greatest distance is white; nothing is far from nothing', async () => {
  expect(Math.max(...(await grayPixels((await run('distance-transform', await square())).bytes)))).toBe(255);
  const { measured } = await run('distance-transform', await squares(10, 10, []));
  expect(measured).toMatchObject({ maxDistance: 0, meanDistance: 0 });
});
