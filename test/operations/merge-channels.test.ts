import { drawing, rgb } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

const square = (x: number) => drawing(20, 10, 0, [{ x, y: 2, width: 6, height: 6, value: 200 }]);

test('each channel has its color, and both together are their sum', async () => {
  const { bytes } = await run('merge-channels', await square(2), {}, await square(6));
  const pixels = await rgb(bytes);
  const at = (x: number) => [...pixels.subarray(3 * (5 * 20 + x), 3 * (5 * 20 + x) + 3)];
  expect([at(0), at(3), at(7), at(10)]).toEqual([
    [0, 0, 0],
    [0, 200, 0],
    [200, 200, 200],
    [200, 0, 200],
  ]);
});

test('pictures of different sizes are refused', async () => {
  await expect(run('merge-channels', 'coins.png', {}, 'box.png')).rejects.toThrow(/same size/);
});
