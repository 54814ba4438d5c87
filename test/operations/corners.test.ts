import { drawing } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('a rectangle has its four corners', async () => {
  const image = await drawing(100, 100, 10, [{ x: 30, y: 20, width: 40, height: 50, value: 240 }]);
  const { measured } = await run('corners', image, { quality: 0.3, maxCorners: 4 });
  const near = (x: number, y: number) =>
    measured.corners.some((corner: { x: number; y: number }) => Math.hypot(corner.x - x, corner.y - y) < 2);
  expect(measured).toMatchObject({ count: 4, truncated: false });
  expect([near(30, 20), near(69, 20), near(30, 69), near(69, 69)]).toEqual([true, true, true, true]);
  const fewer = (await run('corners', image, { quality: 0.3, maxCorners: 3 })).measured;
  expect(fewer).toEqual({ count: 3, truncated: true, corners: measured.corners.slice(0, 3) });
});
