import { rgb } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { run, runSteps } from '../harness/run.ts';

test('sharpening makes edges steeper, and amount 0 changes nothing', async () => {
  const focus = async (steps: object[]) =>
    (await runSteps('coffee.png', [...steps, { operation: 'laplacian' }])).measurements.at(-1)?.variance;
  expect(await focus([{ operation: 'sharpen' }])).toBeGreaterThan(1.5 * Number(await focus([])));
  const { bytes } = await run('sharpen', 'coffee.png', { amount: 0 });
  expect((await rgb(bytes)).equals(await rgb(fixture('coffee.png')))).toBe(true);
});
