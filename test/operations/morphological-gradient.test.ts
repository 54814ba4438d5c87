import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';
import { squares } from '../harness/shapes.ts';

test('a square becomes a band along its outline', async () => {
  const image = await squares(60, 40, [[10, 10, 20]]);
  const { bytes } = await run('morphological-gradient', image, { shape: 'rectangle', kernelSize: 5 });
  expect(await grayPixels(bytes)).toEqual(await grayPixels(await squares(60, 40, [[8, 8, 24]], [[12, 12, 16]])));
});
