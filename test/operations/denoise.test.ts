import { edgeHeight, noiseOf, noisyStep } from '../harness/noisy-step.ts';
import { run } from '../harness/run.ts';

test('noise is taken out of flat areas', async () => {
  const noisy = await noisyStep();
  const { bytes } = await run('denoise', noisy, { strength: 30 });
  expect(await noiseOf(bytes)).toBeLessThan(0.5 * (await noiseOf(noisy)));
});

test('an edge stays where it is', async () => {
  const { bytes } = await run('denoise', await noisyStep(), { strength: 15 });
  expect(await edgeHeight(bytes)).toBeGreaterThan(70);
});
