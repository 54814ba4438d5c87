import { drawing, rgb } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('equal values have one color, different ones have different colors', async () => {
  const image = await drawing(30, 10, 0, [
    { x: 10, y: 0, width: 10, height: 10, value: 128 },
    { x: 20, y: 0, width: 10, height: 10, value: 255 },
  ]);
  const pixels = await rgb((await run('color-map', image, { map: 'viridis' })).bytes);
  const colors = new Set(Array.from({ length: 300 }, (_, i) => pixels.readUIntBE(3 * i, 3)));
  expect(colors.size).toBe(3);
});

test('hot goes from black to white', async () => {
  const image = await drawing(2, 1, 0, [{ x: 1, y: 0, width: 1, height: 1, value: 255 }]);
  const [r0, g0, b0, r1, g1, b1] = await rgb((await run('color-map', image, { map: 'hot' })).bytes);
  expect(Math.max(r0, g0, b0)).toBeLessThan(10);
  expect(Math.min(r1, g1, b1)).toBeGreaterThan(245);
});
