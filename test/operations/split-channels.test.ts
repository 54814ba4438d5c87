import { plain } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

test('channels lie side by side, each as the operation channel gives it', async () => {
  const { bytes, width, height, measured } = await run('split-channels', await plain('#0a78fa', 4), {
    channels: 'rgb',
  });
  expect([width, height]).toEqual([12, 4]);
  const pixels = await grayPixels(bytes);
  expect([pixels[0], pixels[5], pixels[11]]).toEqual([10, 120, 250]);
  expect(measured.channels).toEqual(['red', 'green', 'blue']);
});
