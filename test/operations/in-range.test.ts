import { plain } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('in-range goes round through red', async () => {
  expect(
    (await run('in-range', await plain('#ff0010'), { lower: [170, 50, 50], upper: [10, 255, 255] })).measured.fraction,
  ).toBe(1);
  expect(
    (await run('in-range', await plain('#00ff00'), { lower: [170, 50, 50], upper: [10, 255, 255] })).measured.fraction,
  ).toBe(0);
});
