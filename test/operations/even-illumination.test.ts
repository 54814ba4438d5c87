import { gray } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

test('a page in half shadow becomes evenly bright', async () => {
  const pixels = Buffer.alloc(300 * 200);
  for (let i = 0; i < pixels.length; i++) pixels[i] = 230 - (i % 300) / 2.5;
  for (let y = 20; y < 180; y += 20)
    for (let x = 30; x < 270; x++) if (x % 9 < 4) pixels.fill(30, y * 300 + x, y * 300 + x + 1);
  const even = await grayPixels((await run('even-illumination', await gray(pixels, 300, 200))).bytes);
  expect(Math.abs(even[10 * 300 + 20] - even[10 * 300 + 280])).toBeLessThan(12);
  expect(even[10 * 300 + 280]).toBeGreaterThan(235);
  expect(even[20 * 300 + 36]).toBeLessThan(150);
});
