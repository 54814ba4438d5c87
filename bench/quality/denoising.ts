/** How much of a known noise is taken out: `denoise` with its defaults, beside other filters, in decibels of PSNR. */
import { fixture } from '../../test/harness/fixtures.ts';
import { psnr, samplesOf, withNoise } from '../../test/harness/noise.ts';
import { runSteps } from '../../test/harness/run.ts';
import { hasScikit, runScikit } from './scikit.ts';
import { warmUp } from './warm-up.ts';

const photos = ['coffee.png', 'astronaut.png', 'chelsea.png', 'fruits.jpg'];
const deviations = [10, 20, 40];

export async function denoising(): Promise<string[]> {
  const rows = [
    '| photo | σ | noisy | denoise | gain | noise found | time | bilateral | median | scikit-image: non-local means |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  const scikit = hasScikit();
  for (const photo of photos) {
    const truth = await samplesOf(fixture(photo));
    for (const sigma of deviations) {
      const noisy = await withNoise(fixture(photo), sigma);
      const quality = async (file: Uint8Array) => psnr(await samplesOf(file), truth);
      const steps = [{ operation: 'denoise' }];
      await warmUp(noisy, steps);
      const { bytes, measurements, timings } = await runSteps(noisy, steps);
      const [before, after] = [await quality(noisy), await quality(bytes)];
      const others = ['bilateral', 'median-blur'].map(async (operation) =>
        quality((await runSteps(noisy, [{ operation }])).bytes),
      );
      const theirs = scikit ? psnr(runScikit('denoising', noisy), truth).toFixed(1) : '–';
      const cells = [photo, sigma, before.toFixed(1), after.toFixed(1), (after - before).toFixed(1)];
      cells.push((measurements[0] as { noise: number }).noise.toFixed(1), `${timings.processMs.toFixed(0)} ms`);
      for (const other of await Promise.all(others)) cells.push(other.toFixed(1));
      rows.push(`| ${[...cells, theirs].join(' | ')} |`);
    }
  }
  return rows;
}
