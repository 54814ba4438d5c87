import { twoRectangles } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('an object is cut out of its background', async () => {
  const { measured } = await run('grab-cut', await twoRectangles(), {
    left: 50,
    top: 20,
    width: 40,
    height: 70,
    output: 'mask',
  });
  expect(Math.abs(measured.pixels - 1500)).toBeLessThan(150);
});
