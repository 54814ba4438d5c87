import { drawing } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

test('an embossed plain is gray, and light comes from where it is said to', async () => {
  const step = await drawing(40, 40, 60, [{ x: 20, y: 0, width: 20, height: 40, value: 160 }]);
  const fromRight = await grayPixels((await run('emboss', step, { angle: 0 })).bytes);
  const fromLeft = await grayPixels((await run('emboss', step, { angle: 180 })).bytes);
  expect(fromRight[20 * 40 + 5]).toBe(128);
  expect(fromRight[20 * 40 + 19]).toBeGreaterThan(128);
  expect(fromLeft[20 * 40 + 19]).toBeLessThan(128);
});
