import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';
import { squares } from '../harness/shapes.ts';

test('a square loses a margin of half the kernel, and a speck goes', async () => {
  const image = await squares(60, 40, [
    [10, 10, 20],
    [40, 10, 4],
  ]);
  const { bytes } = await run('erode', image, { shape: 'rectangle', kernelSize: 5 });
  expect(await grayPixels(bytes)).toEqual(await grayPixels(await squares(60, 40, [[12, 12, 16]])));
});
