import { drawing } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('the histogram counts every pixel', async () => {
  const { measured } = await run(
    'histogram',
    await drawing(100, 50, 10, [{ x: 0, y: 0, width: 100, height: 10, value: 200 }]),
  );
  const { counts, mean, min, max, median } = measured.channels.gray;
  expect([counts[10], counts[200], min, max, median]).toEqual([4000, 1000, 10, 200, 10]);
  expect(mean).toBe(48);
});
