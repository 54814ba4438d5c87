import { twoRectangles } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';
import { squares } from '../harness/shapes.ts';

test('each rectangle is an object with its area', async () => {
  const { measured } = await run('connected-components', await twoRectangles());
  expect(measured.objects.map(({ area }: { area: number }) => area).sort()).toEqual([1200, 1500]);
});

test.each([
  [4, 2],
  [8, 1],
])('with %i neighbors, squares that touch at a corner are %i objects', async (connectivity, count) => {
  const image = await squares(60, 40, [
    [10, 10, 10],
    [20, 20, 10],
  ]);
  expect((await run('connected-components', image, { connectivity })).measured.count).toBe(count);
});
