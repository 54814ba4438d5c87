import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';
import { squares } from '../harness/shapes.ts';

test.each([
  ['horizontal', [45, 5, 10]],
  ['vertical', [5, 25, 10]],
  ['both', [45, 25, 10]],
] as const)('%s', async (direction, place) => {
  const { bytes } = await run('flip', await squares(60, 40, [[5, 5, 10]]), { direction });
  expect(await grayPixels(bytes)).toEqual(await grayPixels(await squares(60, 40, [place])));
});
