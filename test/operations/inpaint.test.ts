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
