import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';
import { squares } from '../harness/shapes.ts';

const large = [20, 10, 20] as const;
/** A square with a thorn: an opening would cut it off. */
const thorn = [40, 18, 2] as const;
const speck = [5, 5, 3] as const;

test('specks go, and what is large keeps its thorns', async () => {
  const { bytes } = await run('open-by-reconstruction', await squares(60, 40, [large, thorn, speck]), {
    kernelSize: 7,
  });
  expect(await grayPixels(bytes)).toEqual(await grayPixels(await squares(60, 40, [large, thorn])));
});

test('a closing fills small holes and leaves large ones', async () => {
  const holes = [
    [22, 12, 2],
    [28, 15, 9],
  ] as const;
  const { bytes } = await run('open-by-reconstruction', await squares(60, 40, [large], holes), {
    type: 'closing',
    kernelSize: 5,
  });
  expect(await grayPixels(bytes)).toEqual(await grayPixels(await squares(60, 40, [large], [holes[1]])));
});
