import { drawing } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('a rectangle has its four corners', async () => {
  const { measured } = await run(
    'corners',
    await drawing(100, 100, 10, [{ x: 30, y: 20, width: 40, height: 50, value: 240 }]),
    { quality: 0.3 },
  );
  const near = (x: number, y: number) =>
    measured.corners.some((corner: { x: number; y: number }) => Math.hypot(corner.x - x, corner.y - y) < 2);
  expect(measured.count).toBe(4);
  expect([near(30, 20), near(69, 20), near(30, 69), near(69, 69)]).toEqual([true, true, true, true]);
});
