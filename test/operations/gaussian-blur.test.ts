import { noiseOf, noisyStep } from '../harness/noisy-step.ts';
import { run } from '../harness/run.ts';

test('noise is taken out of flat areas', async () => {
  const noisy = await noisyStep();
  const { bytes } = await run('gaussian-blur', noisy);
  expect(await noiseOf(bytes)).toBeLessThan(0.5 * (await noiseOf(noisy)));
});
