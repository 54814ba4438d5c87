/** Networks on LiteRT. */
import '../../lib/imaging/engine-thread.ts';
import { prepareNetworks, runNetwork } from '../../lib/vision/litert.ts';

const file = 'face_detection_short_range.tflite';
const shape = [1, 128, 128, 3];

test('the same input gives the same output, and a thousand runs leave nothing behind', async () => {
  await prepareNetworks([file]);
  const input = Float32Array.from({ length: 128 * 128 * 3 }, (_, i) => ((i * 31) % 255) / 127.5 - 1);
  const once = runNetwork(file, input, shape);
  expect([...once.keys()].sort()).toEqual(['classificators', 'regressors']);
  for (let i = 0; i < 200; i++) runNetwork(file, input, shape);
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 800; i++) runNetwork(file, input, shape);
  // A tensor of each run that was kept would be 250 MB.
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  expect(runNetwork(file, input, shape)).toEqual(once);
});
