import { twoRectangles } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('each rectangle is an object with its box', async () => {
  const { measured } = await run('contours', await twoRectangles());
  const boxes = measured.objects.map(({ box }: { box: object }) => box);
  expect(measured.count).toBe(2);
  expect(boxes).toContainEqual({ x: 20, y: 30, width: 60, height: 20 });
  expect(boxes).toContainEqual({ x: 120, y: 40, width: 30, height: 50 });
});
