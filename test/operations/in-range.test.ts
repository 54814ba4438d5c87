import { plain } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('in-range goes round through red', async () => {
  expect(
    (await run('in-range', await plain('#ff0010'), { lower: [340, 50, 50], upper: [20, 255, 255] })).measured
      .foregroundFraction,
  ).toBe(1);
  expect(
    (await run('in-range', await plain('#00ff00'), { lower: [340, 50, 50], upper: [20, 255, 255] })).measured
      .foregroundFraction,
  ).toBe(0);
});
