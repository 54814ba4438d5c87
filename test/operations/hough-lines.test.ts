import { drawing } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('a bar has lines along it, with their angle', async () => {
  const { measured } = await run(
    'hough-lines',
    await drawing(200, 100, 20, [{ x: 40, y: 48, width: 120, height: 4, value: 220 }]),
  );
  expect(measured.count).toBeGreaterThanOrEqual(2);
  expect(measured.lines[0].length).toBeGreaterThan(100);
  expect(Math.min(measured.lines[0].angle, 180 - measured.lines[0].angle)).toBeLessThan(2);
});
