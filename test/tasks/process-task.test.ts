/** What becomes of an attempt that fails. */

import { Engine } from '../../lib/imaging/engine.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { maxAttempts } from '../../lib/limits.ts';
import { newJobId } from '../../lib/model/ids.ts';
import type { StoredTask } from '../../lib/model/task.ts';
import { taskInputBlob } from '../../lib/storage/blob-names.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { processTask, type TaskProcessor } from '../../lib/tasks/process-task.ts';
import { resolvePoisonedTask } from '../../lib/tasks/requeue-task.ts';
import { Account } from '../harness/account.ts';
import { fixture } from '../harness/fixtures.ts';
import { loggedBy } from '../harness/log.ts';
import { deaths } from '../harness/mortal-worker.ts';
import { processorFor } from '../harness/processor.ts';
import { submitWithoutImage } from '../harness/submission.ts';

let account: Account;
let storage: Storage;
let engine: Engine;
let processor: TaskProcessor;
beforeAll(async () => {
  account = await Account.start();
  storage = await openStorage(account.connection);
  const options = { threads: 1, timeLimitMs: 60_000, pixelsInFlight: 1e8, maxHeapBytes: 2 ** 30 };
  engine = new Engine(options, new URL('../harness/mortal-worker.ts', import.meta.url));
  processor = processorFor(storage, engine);
});
afterAll(async () => {
  await engine.close();
  await account.stop();
});

/** A task whose thread comes to that end. */
async function submit(death: number): Promise<StoredTask> {
  const jobId = newJobId();
  const blob = taskInputBlob(jobId, 'image');
  await storage.inputs.put(blob, fixture('box.png'), 'image/png');
  const steps = parseSteps([{ operation: 'canny', params: { lowThreshold: death } }]);
  const input = { blob, name: 'box.png', contentType: 'image/png', bytes: null, width: 324, height: 223 };
  return submitWithoutImage(storage, { jobId, steps, input });
}

test('a bare number that is thrown is in the log and on the row', async () => {
  const { id } = await submit(deaths.number);
  const { lines } = await loggedBy(() => expect(processTask(processor, id)).rejects.toThrow('5247528'));
  expect(lines.find(({ event }) => event === 'task-attempt-failed')?.error).toContain('5247528');
  const task = await storage.tasks.get(id);
  expect(task).toMatchObject({ state: 'Queued', attempts: 1, error: { detail: expect.stringContaining('5247528') } });
});

test('after the last attempt the task says why that failed, and nothing of an instance that ended', async () => {
  const { id } = await submit(deaths.number);
  for (let i = 0; i < maxAttempts; i++) await expect(processTask(processor, id)).rejects.toThrow();
  await resolvePoisonedTask(storage, id, 45_000);
  const task = await storage.tasks.get(id);
  expect(task).toMatchObject({ state: 'Failed', error: { detail: expect.stringContaining('5247528') } });
  expect(task?.error?.detail).not.toContain('came to its end');
});

test('a task is begun in its turn: until then it is Queued, and its image is not downloaded', async () => {
  const [first, second] = [await submit(deaths.number), await submit(deaths.number)];
  const both = () => Promise.allSettled([first, second].map(({ id }) => processTask(processor, id)));
  expect((await loggedBy(both)).events).toEqual([
    'task-started',
    'task-attempt-failed',
    'task-started',
    'task-attempt-failed',
  ]);
});
