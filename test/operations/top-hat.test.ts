import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';
import { squares } from '../harness/shapes.ts';

test('only what is smaller than the kernel stays', async () => {
  const image = await squares(60, 40, [
    [10, 10, 20],
    [40, 10, 4],
  ]);
  const { bytes } = await run('top-hat', image, { shape: 'rectangle', kernelSize: 5 });
  expect(await grayPixels(bytes)).toEqual(await grayPixels(await squares(60, 40, [[40, 10, 4]])));
});
