import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';
import { squares } from '../harness/shapes.ts';

test('a square gains a margin of half the kernel', async () => {
  const image = await squares(60, 40, [[10, 10, 20]]);
  const { bytes } = await run('dilate', image, { shape: 'rectangle', kernelSize: 5 });
  expect(await grayPixels(bytes)).toEqual(await grayPixels(await squares(60, 40, [[8, 8, 24]])));
});
