import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';
import { squares } from '../harness/shapes.ts';

test('small holes become bright, all else dark', async () => {
  const image = await squares(60, 40, [[10, 10, 20]], [[18, 18, 4]]);
  const { bytes } = await run('black-hat', image, { shape: 'rectangle', kernelSize: 5 });
  expect(await grayPixels(bytes)).toEqual(await grayPixels(await squares(60, 40, [[18, 18, 4]])));
});
