import sharp from 'sharp';
import { fixture } from '../harness/fixtures.ts';
import { runSteps } from '../harness/run.ts';

test('rotating there and back gives the middle of the picture again', async () => {
  const { bytes, width, height } = await runSteps('coffee.png', [
    { operation: 'rotate', params: { angle: 30 } },
    { operation: 'rotate', params: { angle: -30 } },
  ]);
  const middle = (file: Uint8Array, w: number, h: number) =>
    sharp(file)
      .extract({ left: (w >> 1) - 80, top: (h >> 1) - 80, width: 160, height: 160 })
      .removeAlpha()
      .raw()
      .toBuffer();
  const [a, b] = [await middle(bytes, width, height), await middle(fixture('coffee.png'), 600, 400)];
  expect(a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length).toBeLessThan(8);
});
