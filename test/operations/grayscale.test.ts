import { plain } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

test.each([
  ['#ff0000', 0.299],
  ['#00ff00', 0.587],
  ['#0000ff', 0.114],
])('%s counts as much as BT.601 says', async (color, weight) => {
  const pixels = await grayPixels((await run('grayscale', await plain(color))).bytes);
  expect(pixels.every((value) => value === Math.round(255 * weight))).toBe(true);
});
