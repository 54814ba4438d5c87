/** The longest steps that a request may have fit into rows, and into the transactions that write them. */

import { parseSteps } from '../../lib/imaging/steps.ts';
import { maxStepsCharacters } from '../../lib/limits.ts';
import { expandJob } from '../harness/job-commands.ts';
import { submitImages } from '../harness/submission.ts';
import { useAccount } from '../harness/use.ts';

const shared = useAccount();

const kernel = (size: number, weight: number) => ({
  operation: 'custom-kernel',
  params: { kernel: Array(size).fill(Array(size).fill(weight)) },
});

test('two full kernels are refused with the limit, one is taken', () => {
  const weight = -1 / 3;
  expect(parseSteps([kernel(31, weight)])).toHaveLength(1);
  expect(() => parseSteps([kernel(31, weight), kernel(31, weight)])).toThrow(
    expect.objectContaining({
      details: expect.objectContaining({
        type: 'urn:tessera:problem:invalid-parameter',
        field: 'steps',
        limit: maxStepsCharacters,
        detail: expect.stringContaining(String(maxStepsCharacters)),
      }),
    }),
  );
});

test('a job of 150 images with the longest steps becomes 150 tasks', async () => {
  const steps = parseSteps([kernel(31, -1 / 3), ...Array(7).fill(kernel(9, 0.125))]);
  const length = JSON.stringify(steps).length;
  expect(length).toBeGreaterThan(0.9 * maxStepsCharacters);
  const { storage } = shared;
  const images = Array.from({ length: 150 }, (_, i) => `${'a'.repeat(240)}${i}.png`);
  const job = await submitImages(storage, { images }, { steps });
  await expandJob(storage, job.id);
  const tasks = await Array.fromAsync(storage.tasks.list(job, { limit: 1000 }));
  expect(tasks.map(({ steps: stored }) => JSON.stringify(stored).length)).toEqual(Array(150).fill(length));
});
