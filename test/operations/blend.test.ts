import { drawing, rgb } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test.each([
  ['normal', 50, 150],
  ['multiply', 100, 78],
  ['screen', 100, 222],
  ['lighten', 100, 200],
  ['darken', 100, 100],
])('blend %s at %i %%', async (mode, opacity, expected) => {
  const { bytes } = await run('blend', await drawing(9, 9, 100, []), { mode, opacity }, await drawing(9, 9, 200, []));
  expect(Math.abs((await rgb(bytes))[0] - expected)).toBeLessThanOrEqual(1);
});
