/** A job's end is noticed by the process that ends its last task: once, promptly, and without a look at each task. */

import { endJobIfDone, endJobOf } from '../../lib/jobs/job-end.ts';
import { delayToCheck, expectedEnd, JobEnds } from '../../lib/jobs/job-ends.ts';
import { maxLosses } from '../../lib/limits.ts';
import { taskIdOf } from '../../lib/model/ids.ts';
import type { StoredTask } from '../../lib/model/task.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { finishTask } from '../../lib/tasks/finish-task.ts';
import { resolvePoisonedTask } from '../../lib/tasks/requeue-task.ts';
import { expandJob } from '../harness/job-commands.ts';
import { takeMessages } from '../harness/messages.ts';
import { StorageProxy } from '../harness/storage-proxy.ts';
import { submitImages } from '../harness/submission.ts';
import { until } from '../harness/until.ts';
import { useAccount } from '../harness/use.ts';

const account = useAccount();

/** A job of so many tasks that wait. */
async function made(count: number, { storage }: Pick<typeof account, 'storage'> = account): Promise<string> {
  const { id } = await submitImages(storage, count, { callbackUrl: 'https://receiver.example/' });
  await expandJob(storage, id);
  return id;
}

async function succeed(storage: Storage, jobId: string, index: number): Promise<void> {
  const store = storage.tasks;
  const task = (await store.get(taskIdOf(jobId, index))) as StoredTask;
  await finishTask(storage, await store.apply(task, 'start'), 'succeed', {});
}

async function endOf(jobId: string): Promise<Date | null | undefined> {
  return (await account.storage.jobs.get(jobId))?.finishedAt;
}

test('whichever of two processes ends the last task, the job is done, and told once', async () => {
  const jobId = await made(6);
  const processes = await Promise.all([1, 2].map(() => openStorage(account.connection)));
  await Promise.all(
    processes.map(async (storage, i) => {
      const ends = new JobEnds(storage, () => false);
      for (let index = i; index < 6; index += 2) {
        await succeed(storage, jobId, index);
        ends.taskEnded(jobId);
      }
    }),
  );
  await until(async () => endOf(jobId), { what: 'the end of the job is noted' });
  const messages = async () =>
    (await account.storage.callbackQueue.client.peekMessages()).peekedMessageItems.length > 0;
  await until(messages, { what: 'the callback is sent' });
  expect(await takeMessages(account.storage.callbackQueue)).toEqual([{ id: jobId, attempt: 1 }]);
});

test('a process that has more of the job in hand does not check; the last task of it does', async () => {
  const jobId = await made(2);
  const proxy = await StorageProxy.start(account.connection);
  try {
    const storage = await openStorage(proxy.connection);
    const inHand = new Set([jobId]);
    const ends = new JobEnds(storage, (id) => inHand.has(id));
    await succeed(account.storage, jobId, 0);
    proxy.requests.length = 0;
    ends.taskEnded(jobId);
    await ends.stop();
    expect(proxy.requests).toEqual([]);
    await succeed(account.storage, jobId, 1);
    inHand.clear();
    ends.taskEnded(jobId);
    await ends.stop();
    expect(await endOf(jobId)).toEqual(expect.any(Date));
  } finally {
    proxy.stop();
  }
});

test('a job whose last task is exhausted ends with it', async () => {
  const { storage } = account;
  const jobId = await made(1);
  const store = storage.tasks;
  await store.apply((await store.get(taskIdOf(jobId, 0))) as StoredTask, 'start', { losses: maxLosses });
  const failed = await resolvePoisonedTask(storage, taskIdOf(jobId, 0), 45_000);
  await endJobOf(storage, failed as StoredTask);
  expect(await endOf(jobId)).toEqual(expect.any(Date));
});

test('no queue gets a message that is hidden at first', async () => {
  const proxy = await StorageProxy.start(account.connection);
  try {
    const storage = await openStorage(proxy.connection);
    const jobId = await made(1, { storage });
    await succeed(storage, jobId, 0);
    await endJobIfDone(storage, jobId);
    const sent = proxy.requests.filter(
      ({ service, method, path }) => service === 'Queue' && method === 'POST' && /messages/.test(path),
    );
    // The command that makes the task, the task, the callback.
    expect(sent).toHaveLength(3);
    for (const { path } of sent) expect(path).not.toMatch(/visibilitytimeout=[1-9]/);
  } finally {
    proxy.stop();
  }
});

test.each([
  ['half are left', { at: 0, open: 200 }, { at: 1000, open: 100 }, 2000],
  ['few are left', { at: 0, open: 20 }, { at: 1900, open: 1 }, 2000],
  ['none ended meanwhile', { at: 0, open: 5 }, { at: 1000, open: 5 }, 1000],
  ['more came, as in a retry', { at: 0, open: 5 }, { at: 1000, open: 50 }, 1000],
])('the end of a job of which %s', (_, before, now, expected) => {
  expect(expectedEnd(before, now)).toBe(expected);
});

test.each([
  ['far away', 100_000, 10_000],
  ['in seconds', 4000, 2000],
  ['near', 100, 300],
  ['past', -5000, 300],
])('the next look at a job whose end is %s', (_, inMs, expected) => {
  expect(delayToCheck(50_000 + inMs, 50_000)).toBe(expected);
});
