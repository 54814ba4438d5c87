import { drawing } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('the skeleton of a T has three ends and one branching', async () => {
  const t = await drawing(100, 100, 0, [
    { x: 10, y: 20, width: 80, height: 7, value: 255 },
    { x: 46, y: 20, width: 7, height: 70, value: 255 },
  ]);
  const { measured } = await run('skeleton', t);
  expect(measured).toMatchObject({ endPoints: 3 });
  expect(measured.branchPoints).toBeGreaterThanOrEqual(1);
  expect(measured.skeletonPixels).toBeLessThan(180);
});
