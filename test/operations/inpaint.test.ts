import { drawing } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

test('a scratch is filled from its surroundings', async () => {
  const scratch = { x: 0, y: 20, width: 60, height: 3, value: 255 };
  const { bytes, measured } = await run(
    'inpaint',
    await drawing(60, 40, 90, [scratch]),
    {},
    await drawing(60, 40, 0, [scratch]),
  );
  expect(measured.filledPixels).toBe(180);
  const pixels = await grayPixels(bytes);
  expect(Math.max(...pixels)).toBeLessThanOrEqual(92);
});

test('strokes take the place of the mask, and of nothing else', async () => {
  const scratch = { x: 0, y: 20, width: 60, height: 3, value: 255 };
  const dot = { x: 9, y: 5, width: 2, height: 2, value: 255 };
  const { bytes, measured } = await run('inpaint', await drawing(60, 40, 90, [scratch, dot]), {
    mask: [
      {
        points: [
          [0, 21.5],
          [60, 21.5],
        ],
        radius: 1.5,
      },
    ],
  });
  expect(measured.filledPixels).toBe(180);
  const pixels = await grayPixels(bytes);
  expect(Math.max(...pixels.subarray(20 * 60, 23 * 60))).toBeLessThanOrEqual(92);
  expect(pixels[5 * 60 + 9]).toBe(255);
});
