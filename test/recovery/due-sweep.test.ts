/** What is due later is a row until its time has come: no queue holds a message that is not to be seen yet. */

import { type CallbackOptions, deliverCallback } from '../../lib/callbacks/deliver.ts';
import { cancelJob } from '../../lib/jobs/change-job.ts';
import { startWatch } from '../../lib/jobs/job-end.ts';
import { taskIdOf } from '../../lib/model/ids.ts';
import type { StoredTask } from '../../lib/model/task.ts';
import { sweepDue } from '../../lib/recovery/due-sweep.ts';
import type { DueKind, DueRow } from '../../lib/storage/due-rows.ts';
import { finishTask } from '../../lib/tasks/finish-task.ts';
import { expandJob } from '../harness/job-commands.ts';
import { loggedBy } from '../harness/log.ts';
import { takeMessages } from '../harness/messages.ts';
import { Receiver } from '../harness/receiver.ts';
import { rawTable } from '../harness/storage.ts';
import { submitImages } from '../harness/submission.ts';
import { useAccount } from '../harness/use.ts';

const account = useAccount();
const silentMs = 45_000;
const minute = 60_000;

beforeEach(async () => {
  const { storage } = account;
  for (const kind of ['watch', 'callback'] as const)
    for (const row of await dueRows(kind)) await storage.due.remove(row);
  for (const queue of [storage.jobTaskQueue, storage.commandQueue, storage.callbackQueue])
    await queue.client.clearMessages();
});

async function dueRows(kind: DueKind): Promise<DueRow[]> {
  const inAYear = new Date(Date.now() + 365 * 24 * 60 * minute);
  return (await Array.fromAsync(account.storage.due.pagesBefore(kind, inAYear))).flat();
}

/** A job of two tasks that wait. */
async function made(callbackUrl: string | null): Promise<string> {
  const { storage } = account;
  const { id } = await submitImages(storage, 2, { callbackUrl });
  await expandJob(storage, id);
  return id;
}

async function finishTasks(jobId: string): Promise<void> {
  const store = account.storage.tasks;
  for (const index of [0, 1]) {
    const task = (await store.get(taskIdOf(jobId, index))) as StoredTask;
    await finishTask(account.storage, await store.apply(task, 'start'), 'succeed', {});
  }
}

async function find(jobId: string) {
  return account.storage.jobs.get(jobId);
}

/** The timer's run, so many milliseconds from now. */
function sweepIn(ms: number, options = {}): Promise<void> {
  return sweepDue(account.storage, silentMs, { now: Date.now() + ms, ...options });
}

function hiddenMessages(): Promise<number[]> {
  const { callbackQueue, commandQueue } = account.storage;
  return Promise.all([callbackQueue, commandQueue].map((queue) => queue.length()));
}

test('a callback that failed is in no queue until its next attempt is due; then it is sent once', async () => {
  const { storage } = account;
  const receiver = await Receiver.start([{ status: 500 }]);
  try {
    const jobId = await made(receiver.url);
    await finishTasks(jobId);
    await sweepIn(minute);
    const [message] = await takeMessages(storage.callbackQueue);
    expect(message).toEqual({ id: jobId, attempt: 1 });
    const view = { task: async () => ({}), job: async () => ({}) };
    const options: CallbackOptions = { allowedHosts: ['127.0.0.1'], retryDelaysMs: [10 * minute], view };
    await storage.commandQueue.client.clearMessages();
    await deliverCallback(storage, { id: jobId, attempt: 1 }, options);
    expect(await hiddenMessages()).toEqual([0, 0]);
    await sweepIn(9 * minute);
    expect(await takeMessages(storage.callbackQueue)).toEqual([]);
    await sweepIn(11 * minute);
    await sweepIn(11 * minute);
    expect(await takeMessages(storage.callbackQueue)).toEqual([{ id: jobId, attempt: 2 }]);
    expect(await dueRows('callback')).toEqual([]);
  } finally {
    receiver.stop();
  }
});

test('of very many callbacks that are due at once so many are in line at a time, the oldest first', async () => {
  const { storage } = account;
  const rows = storage.due;
  for (let i = 5; i > 0; i--)
    await rows.add('callback', { id: `task-${i}`, attempt: 2 }, new Date(Date.now() - minute / i));
  await sweepIn(0, { maxCallbacks: 2 });
  await sweepIn(0, { maxCallbacks: 2 });
  expect(await takeMessages(storage.callbackQueue)).toMatchObject([{ id: 'task-1' }, { id: 'task-2' }]);
  await sweepIn(0, { maxCallbacks: 2 });
  expect(await takeMessages(storage.callbackQueue)).toHaveLength(2);
  expect(await dueRows('callback')).toMatchObject([{ id: 'task-5' }]);
});

test('an open job has no message of its own; one that nobody saw end is ended and told once by the timer', async () => {
  const { storage } = account;
  const jobId = await made('https://receiver.example/');
  await storage.commandQueue.client.clearMessages();
  await sweepIn(minute);
  expect(await hiddenMessages()).toEqual([0, 0]);
  await finishTasks(jobId);
  await sweepIn(2 * minute);
  expect(await find(jobId)).toMatchObject({ finishedAt: expect.any(Date) });
  await sweepIn(2 * minute);
  expect(await takeMessages(storage.callbackQueue)).toEqual([{ id: jobId, attempt: 1 }]);
});

test('where the end is noted but its message was never sent, it is told after a while', async () => {
  const { storage } = account;
  const jobId = await made('https://receiver.example/');
  await finishTasks(jobId);
  await storage.jobs.amend(jobId, () => ({ finishedAt: new Date(Date.now() - silentMs) }));
  await sweepIn(minute);
  expect(await takeMessages(storage.callbackQueue)).toEqual([{ id: jobId, attempt: 1 }]);
  expect(await dueRows('watch')).toEqual([]);
});

test('a command whose message was lost is sent again', async () => {
  const { storage } = account;
  const jobId = await made(null);
  await cancelJob(storage, (await find(jobId)) as NonNullable<Awaited<ReturnType<typeof find>>>);
  await storage.commandQueue.client.clearMessages();
  // Whoever has not given a sign of life in the future is dead.
  await sweepDue(storage, -minute, { now: Date.now() + minute });
  expect(await takeMessages(storage.commandQueue)).toEqual([{ jobId, kind: 'cancel' }]);
});

test('rows that say the same become one', async () => {
  const jobId = await made(null);
  for (let i = 0; i < 5; i++) await startWatch(account.storage, jobId);
  await sweepIn(minute);
  expect(await dueRows('watch')).toMatchObject([{ id: jobId }]);
});

test('a job that cannot be read is said, and keeps no other from being looked at', async () => {
  const { storage } = account;
  const [broken, good] = [await made(null), await made(null)];
  await finishTasks(good);
  await (await rawTable(account.connection, 'tasks')).updateEntity(
    { partitionKey: broken, rowKey: 'job', steps: 'no JSON' },
    'Merge',
  );
  const { lines } = await loggedBy(() => sweepDue(storage, silentMs, { now: Date.now() + minute }));
  expect(lines.filter(({ event }) => event === 'due-work-failed')).toMatchObject([{ id: broken, what: 'watch' }]);
  expect(await find(good)).toMatchObject({ finishedAt: expect.any(Date) });
});

test('what a run had no time for is done by the next', async () => {
  const jobId = await made(null);
  await finishTasks(jobId);
  await sweepIn(minute, { runMs: 0 });
  expect(await find(jobId)).toMatchObject({ finishedAt: null });
  await sweepIn(minute);
  expect(await find(jobId)).toMatchObject({ finishedAt: expect.any(Date) });
});
