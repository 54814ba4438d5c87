import { drawing } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('a border of one color is trimmed', async () => {
  const { measured, width, height } = await run(
    'auto-crop',
    await drawing(120, 90, 250, [{ x: 30, y: 20, width: 50, height: 40, value: 20 }]),
    { margin: 5 },
  );
  expect(measured.box).toEqual({ x: 25, y: 15, width: 60, height: 50 });
  expect([width, height]).toEqual([60, 50]);
});
