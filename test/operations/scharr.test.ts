import { drawing } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

const upright = () => drawing(60, 60, 0, [{ x: 30, y: 0, width: 30, height: 60, value: 40 }]);

test('in x it sees upright edges only, 16 times their height at scale 1', async () => {
  const across = await grayPixels((await run('scharr', await upright(), { direction: 'x' })).bytes);
  expect([across[30 * 60 + 10], across[30 * 60 + 30]]).toEqual([0, 40 * 16 * 0.25]);
  const along = await grayPixels((await run('scharr', await upright(), { direction: 'y' })).bytes);
  expect(Math.max(...along)).toBe(0);
});
