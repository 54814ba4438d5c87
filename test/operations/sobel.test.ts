import { drawing } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

test('sobel in x sees upright edges only', async () => {
  const pixels = await grayPixels(
    (
      await run('sobel', await drawing(60, 60, 0, [{ x: 30, y: 0, width: 30, height: 60, value: 40 }]), {
        direction: 'x',
      })
    ).bytes,
  );
  expect(pixels[30 * 60 + 30]).toBe(160);
  const none = await grayPixels(
    (
      await run('sobel', await drawing(60, 60, 0, [{ x: 0, y: 30, width: 60, height: 30, value: 40 }]), {
        direction: 'x',
      })
    ).bytes,
  );
  expect(Math.max(...none)).toBe(0);
});
