import { twoRectangles } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

test('k-means numbers classes from dark to bright', async () => {
  const { measured, bytes } = await run('k-means', await twoRectangles(), { classes: 3, output: 'labels' });
  expect(measured.classes.map(({ pixels }: { pixels: number }) => pixels)).toEqual([24_000 - 2700, 1500, 1200]);
  expect((await grayPixels(bytes))[40 * 200 + 30]).toBe(2);
});
