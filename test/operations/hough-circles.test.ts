import { gray } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('circles are found with their center and radius', async () => {
  const pixels = Buffer.alloc(300 * 200, 30);
  for (let i = 0; i < pixels.length; i++)
    if (Math.hypot((i % 300) - 120, Math.floor(i / 300) - 90) < 45) pixels[i] = 220;
  const { measured } = await run('hough-circles', await gray(pixels, 300, 200), { minDistance: 60, votes: 20 });
  expect(measured.count).toBe(1);
  expect(Math.hypot(measured.circles[0].center.x - 120, measured.circles[0].center.y - 90)).toBeLessThan(2);
  expect(Math.abs(measured.circles[0].radius - 45)).toBeLessThan(2);
});
