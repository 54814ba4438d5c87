import { gray } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

/** Dark bars on a ground that falls from 250 to 100: no single threshold separates them. */
function shadedBars() {
  const pixels = Buffer.from(Array.from({ length: 300 * 60 }, (_, i) => 250 - (i % 300) / 2));
  for (const x of [30, 150, 270])
    for (let y = 20; y < 40; y++) for (let i = 0; i < 4; i++) pixels[y * 300 + x + i] -= 60;
  return gray(pixels, 300, 60);
}

test.each([['gaussian'], ['mean']])('%s finds dark bars in bright light and in shadow', async (method) => {
  const pixels = await grayPixels((await run('adaptive-threshold', await shadedBars(), { method })).bytes);
  for (const x of [30, 150, 270]) expect(pixels[30 * 300 + x + 1]).toBe(0);
  for (const x of [5, 90, 210, 295]) expect(pixels[30 * 300 + x]).toBe(255);
});

test('inverted, the bars are white', async () => {
  const { bytes, measured } = await run('adaptive-threshold', await shadedBars(), { invert: true });
  expect((await grayPixels(bytes))[30 * 300 + 151]).toBe(255);
  expect(measured.foregroundFraction).toBeLessThan(0.1);
});
