/** One instance at a time makes the tasks of a job; when it dies or stops, another goes on at once, and nothing is sent twice. */

import { expandJob } from '../../lib/tasks/expand.ts';
import { newJobId, taskIdOf } from '../../lib/tasks/ids.ts';
import type { Expansion, StoredJob } from '../../lib/tasks/job.ts';
import { cancelJob } from '../../lib/tasks/job-changes.ts';
import { isHeld, type Lease } from '../../lib/tasks/job-lease.ts';
import { runJobStep } from '../../lib/tasks/job-steps.ts';
import { JobStore } from '../../lib/tasks/job-store.ts';
import { handBackSteps, nextStep, putBackLostStep } from '../../lib/tasks/lost-steps.ts';
import { jobStepIn, taskIdIn } from '../../lib/tasks/queue.ts';
import { reassignTasks } from '../../lib/tasks/reassign.ts';
import { openStorage } from '../../lib/tasks/storage.ts';
import { submitJob } from '../../lib/tasks/submit-job.ts';
import { Workers } from '../../lib/tasks/workers.ts';
import { silentLog } from '../harness/account.ts';
import { drain } from '../harness/job-steps.ts';
import { useAccount } from '../harness/use.ts';

const silentMs = 45_000;
const account = useAccount();
const running = new AbortController().signal;

async function submit(count: number): Promise<string> {
  const about = { id: newJobId(), owner: 'anonymous', requestId: 'test', name: null, createdAt: new Date() };
  const source = { images: Array.from({ length: count }, (_, i) => `${i}.png`) };
  const work = { steps: [], output: {}, page: 1, reference: null, callbackUrl: null, source };
  const { id } = await submitJob(account.storage, { ...about, ...work });
  await account.storage.jobQueue.clearMessages();
  await account.storage.queue.clearMessages();
  return id;
}

async function find(jobId: string): Promise<StoredJob> {
  return (await new JobStore(account.storage).get(jobId)) as StoredJob;
}

const step = (jobId: string) => ({ jobId, step: 'expand' as const });

/** The job as an instance leaves it that is at it, or has died at it. */
async function heldBy(jobId: string, instance: string, changes: Partial<Expansion> = {}): Promise<void> {
  const lease: Lease = { instance, run: 'a-run', until: Date.now() + silentMs };
  await new JobStore(account.storage).amend(jobId, ({ expansion }) => ({
    expansion: { ...(expansion as Expansion), ...changes, lease },
  }));
}

async function expectSentOnce(jobId: string, count: number): Promise<void> {
  const sent = (await drain(account.storage.queue)).map(taskIdIn);
  expect(sent.sort()).toEqual(Array.from({ length: count }, (_, i) => taskIdOf(jobId, i)).sort());
}

const lease = { instance: 'a', run: 'r', until: 100 };
test.each([
  ['nobody has it', null, 50, true, false],
  ['its holder is alive', lease, 50, true, true],
  ['its holder is known to be dead', lease, 50, false, false],
  ['it was not renewed', lease, 100, true, false],
])('a lease when %s', (_, lease, now, alive, held) => {
  expect(isHeld(lease, now, () => alive)).toBe(held);
});

test.each([
  ['is being expanded', {}, 'expand'],
  ['waits for its tasks', { expansion: { enqueued: 3 } }, null],
  ['was cancelled', { cancelledAt: new Date() }, null],
  ['could not be expanded', { error: { status: 500 } }, null],
  ['is being cancelled', { cancelledAt: new Date(), sweep: { step: 'cancel' } }, 'cancel'],
  ['is being retried while it is expanded', { sweep: { step: 'retry' } }, 'retry'],
  ['is being deleted', { cancelledAt: new Date(), sweep: { step: 'delete' } }, 'delete'],
  ['is one task', { expansion: null }, null],
])('the next step of a job that %s', (_, changes, expected) => {
  const counts = { Queued: 3, Running: 0, Succeeded: 0, Failed: 0, Cancelled: 0 };
  const job = { total: 3, counts, expansion: { enqueued: 1 }, sweep: null, cancelledAt: null, error: null };
  expect(nextStep({ ...job, ...changes } as unknown as StoredJob)).toBe(expected);
});

test('several deliveries of the step at once send each task once', async () => {
  const instances = await Promise.all(Array.from({ length: 3 }, () => openStorage(account.connection)));
  for (const id of ['a', 'b', 'c']) await new Workers(account.storage.workers).beat(id, [], [], 0);
  const jobId = await submit(30);
  await Promise.all(
    instances.map((storage, i) =>
      expandJob(storage, jobId, silentLog, { batchTasks: 3, instance: { id: ['a', 'b', 'c'][i], stopping: running } }),
    ),
  );
  await expectSentOnce(jobId, 30);
});

test('while its holder is alive others keep away; once it is known to be dead, one goes on and sends the rest once', async () => {
  const { storage } = account;
  const jobId = await submit(6);
  const workers = new Workers(storage.workers);
  await workers.beat('holder', [], [step(jobId)], 0);
  await heldBy(jobId, 'holder');
  await runJobStep(storage, step(jobId), silentMs, silentLog, { id: 'other', stopping: running });
  expect((await find(jobId)).expansion?.created).toBe(0);
  await workers.remove('holder');
  await runJobStep(storage, step(jobId), silentMs, silentLog, { id: 'other', stopping: running });
  await expectSentOnce(jobId, 6);
});

test('the timers of several instances put the step of a dead one back once', async () => {
  const { storage } = account;
  const jobId = await submit(6);
  await new Workers(storage.workers).beat('dead', [], [step(jobId)], 0);
  await heldBy(jobId, 'dead');
  const found = await find(jobId);
  // Whoever has not given a sign of life in the future is dead.
  await Promise.all([
    ...Array.from({ length: 3 }, () => reassignTasks(storage, -60_000, silentLog)),
    putBackLostStep(storage, found, -60_000, silentLog),
  ]);
  expect((await drain(storage.jobQueue)).map((body) => jobStepIn(body)?.step)).toEqual(['expand']);
});

test('tasks that a dead instance made are sent first, and only those that were not', async () => {
  const { storage } = account;
  const jobId = await submit(6);
  await expandJob(storage, jobId, silentLog, { batchTasks: 3 });
  await storage.queue.clearMessages();
  await storage.jobQueue.clearMessages();
  await heldBy(jobId, 'dead', { enqueued: 3 });
  await runJobStep(storage, step(jobId), silentMs, silentLog, { id: 'other', stopping: running });
  const sent = (await drain(storage.queue)).map(taskIdIn).sort();
  expect(sent).toEqual([3, 4, 5].map((i) => taskIdOf(jobId, i)));
});

test('an instance that stops pauses, and the next one goes on where it was, at once', async () => {
  const { storage } = account;
  const jobId = await submit(6);
  const stop = new AbortController();
  stop.abort();
  await runJobStep(storage, step(jobId), silentMs, silentLog, { id: 'leaving', stopping: stop.signal });
  const next = (await drain(storage.jobQueue)).map(jobStepIn);
  expect(next.map((one) => one?.step)).toEqual(['expand']);
  await runJobStep(storage, step(jobId), silentMs, silentLog, { id: 'heir', stopping: running });
  await expectSentOnce(jobId, 6);
});

test('a step that does not pause is handed back, and its late run keeps away', async () => {
  const { storage } = account;
  const jobId = await submit(6);
  await new Workers(storage.workers).beat('leaving', [], [step(jobId)], 0);
  await heldBy(jobId, 'leaving');
  expect(await handBackSteps(storage, [step(jobId)], 'leaving', silentLog)).toBe(true);
  expect((await drain(storage.jobQueue)).map((body) => jobStepIn(body)?.step)).toEqual(['expand']);
  expect((await find(jobId)).expansion?.lease).toBeNull();
});

test('a job that is cancelled while it is expanded gets no further tasks', async () => {
  const { storage } = account;
  const jobId = await submit(300);
  const own = await openStorage(account.connection);
  const expanding = expandJob(own, jobId, silentLog, { batchTasks: 3 });
  for (let created = 0; created === 0; ) created = (await find(jobId)).expansion?.created ?? 0;
  await cancelJob(storage, await find(jobId), silentLog);
  const created = (await find(jobId)).expansion?.created ?? 0;
  await expanding;
  expect((await find(jobId)).expansion?.created).toBe(created);
  expect(created).toBeLessThan(300);
});
