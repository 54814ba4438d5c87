/** What owners do to jobs, at awkward moments and more often than needed: each job ends, ends once, and sends nothing twice. */

import { cancelJob, deleteJob, retryJob, retryTask } from '../../lib/jobs/change-job.ts';
import { Dispatcher } from '../../lib/jobs/dispatcher.ts';
import { backlogEntryOf } from '../../lib/jobs/next-command.ts';
import { taskIdOf } from '../../lib/model/ids.ts';
import { isDone, jobState, type StoredJob } from '../../lib/model/job.ts';
import { unknownInstance } from '../../lib/model/lease.ts';
import type { StoredTask } from '../../lib/model/task.ts';
import type { DueRow } from '../../lib/storage/due-rows.ts';
import { jobCommandIn, taskIdIn } from '../../lib/storage/queues.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { finishTask } from '../../lib/tasks/finish-task.ts';
import { clearBacklog, deliverAll, drain, endDispatch, expandJob, runCommand } from '../harness/job-commands.ts';
import { bodyOf } from '../harness/storage.ts';
import { isWrite, StorageProxy } from '../harness/storage-proxy.ts';
import { submitImages } from '../harness/submission.ts';
import { until } from '../harness/until.ts';
import { useAccount } from '../harness/use.ts';

/** So long without a sign of life is dead; short, for jobs to be looked at often. */
const silentMs = 2000;
const account = useAccount();
const callbackUrl = 'https://receiver.example/';

function submit(images: number | { prefix: string }): Promise<StoredJob> {
  return submitImages(account.storage, images, { callbackUrl });
}

/** A job of so many tasks with rows and without messages, the first `failed` of them failed. */
async function made(count: number, failed: number): Promise<StoredJob> {
  const { storage } = account;
  const { id } = await submit(count);
  await expandJob(storage, id);
  for (let i = 0; i < failed; i++) await failTask(taskIdOf(id, i));
  for (const queue of [storage.jobTaskQueue, storage.commandQueue, storage.callbackQueue])
    await queue.client.clearMessages();
  await clearBacklog(storage);
  return find(id);
}

async function find(jobId: string): Promise<StoredJob> {
  return (await account.storage.jobs.get(jobId)) as StoredJob;
}

async function failTask(taskId: string): Promise<void> {
  const store = account.storage.tasks;
  const begun = await store.apply((await store.get(taskId)) as StoredTask, 'start');
  await finishTask(account.storage, begun, 'fail', {});
}

async function taskMessages(): Promise<(string | null)[]> {
  return (await drain(account.storage.jobTaskQueue)).map(taskIdIn).sort();
}

/** Lets every task that waits succeed. */
async function finishTasks(jobId: string): Promise<void> {
  const store = account.storage.tasks;
  for await (const task of store.list({ id: jobId, total: null }, { state: 'Queued', limit: 1000 }))
    await finishTask(account.storage, await store.apply(task, 'start'), 'succeed', {});
}

/** The rows of all jobs that are to be looked at. */
async function watched(): Promise<DueRow[]> {
  const inAnHour = new Date(Date.now() + 3600_000);
  return (await Array.fromAsync(account.storage.due.pagesBefore('watch', inAnHour))).flat();
}

beforeEach(async () => {
  const { storage } = account;
  const rows = storage.due;
  for (const row of await watched()) await rows.remove(row);
  for (const queue of [storage.jobTaskQueue, storage.commandQueue, storage.callbackQueue])
    await queue.client.clearMessages();
});

test.each([
  ['canceled', cancelJob],
  ['deleted', deleteJob],
])('the dispatcher does not stay for a job that is %s while the queue is full', async (_, change) => {
  const { storage } = account;
  const job = await submit(60);
  await storage.backlog.add(backlogEntryOf(await find(job.id)));
  const running = new Dispatcher(storage, { instance: unknownInstance, minWindow: 40 }).run();
  await until(async () => (await storage.jobTaskQueue.length()) === 40, { what: 'the queue is full' });
  await change(storage, await find(job.id));
  await running;
  expect(await storage.backlog.list()).toEqual([]);
  expect(await storage.jobTaskQueue.length()).toBe(40);
  for (const queue of [storage.jobTaskQueue, storage.commandQueue]) await queue.client.clearMessages();
});

test('a job that is canceled before its images were listed ends, is told once, and leaves no messages', async () => {
  const { storage } = account;
  const job = await submit({ prefix: 'never-listed/' });
  await cancelJob(storage, job);
  await deliverAll(storage, silentMs, 5);
  const now = await find(job.id);
  expect(jobState(now)).toBe('Canceled');
  expect(now.finishedAt).toEqual(expect.any(Date));
  expect(await drain(storage.callbackQueue)).toHaveLength(1);
  expect(await drain(storage.commandQueue)).toEqual([]);
});

test('an open job has one row of its own and no message, whatever is called how often', async () => {
  const { storage } = account;
  const job = await made(3, 2);
  for (let i = 0; i < 3; i++) {
    await retryJob(storage, await find(job.id));
    await deliverAll(storage, silentMs, 2);
    await failTask(taskIdOf(job.id, 1));
    const failed = (await storage.tasks.get(taskIdOf(job.id, 1))) as StoredTask;
    await retryTask(storage, failed);
  }
  expect(await deliverAll(storage, silentMs, 3)).toBe(0);
  expect(await watched()).toMatchObject([{ id: job.id }]);
  await finishTasks(job.id);
  expect(await deliverAll(storage, silentMs, 2)).toBe(0);
  expect(isDone(await find(job.id))).toBe(true);
});

test('a job that is done cannot be canceled, and stays as it is', async () => {
  const { storage } = account;
  const job = await made(2, 2);
  await expect(cancelJob(storage, job)).rejects.toMatchObject({
    details: { type: expect.stringContaining('not-allowed-now') },
  });
  expect(jobState(await find(job.id))).toBe('Completed');
  await retryJob(storage, job);
  await deliverAll(storage, silentMs);
  expect(await taskMessages()).toHaveLength(2);
});

test('canceling again is no error, and sends nothing', async () => {
  const { storage } = account;
  const job = await made(2, 0);
  await cancelJob(storage, job);
  const first = (await find(job.id)).canceledAt;
  const before = (await storage.commandQueue.client.getProperties()).approximateMessagesCount;
  await cancelJob(storage, await find(job.id));
  expect((await find(job.id)).canceledAt).toEqual(first);
  expect((await storage.commandQueue.client.getProperties()).approximateMessagesCount).toBe(before);
});

test('a retry sends messages for what failed, once, however often it is called; what waits gets none', async () => {
  const { storage } = account;
  const job = await made(250, 120);
  for (let i = 0; i < 3; i++) await retryJob(storage, await find(job.id));
  await deliverAll(storage, silentMs, 3);
  await retryJob(storage, await find(job.id));
  await deliverAll(storage, silentMs, 3);
  expect(await taskMessages()).toEqual(Array.from({ length: 120 }, (_, i) => taskIdOf(job.id, i)).sort());
  expect(await find(job.id)).toMatchObject({ counts: { Queued: 250, Failed: 0 }, sweep: null });
});

test('a retry that is broken off at any write goes on where it was: each failed task is requeued with a message', async () => {
  const proxy = await StorageProxy.start(account.connection);
  const instance = await openStorage(proxy.connection, { retries: 0 });
  try {
    for (const treatment of ['refuse', 'lose'] as const) {
      for (let nth = 1, died = true; died; nth++) {
        const job = await made(4, 3);
        await retryJob(account.storage, job);
        died = await dieAtWrite(proxy, instance, nth, treatment);
        await endDispatch(account.storage);
        await deliverAll(account.storage, silentMs, 2);
        const messages = await taskMessages();
        expect([...new Set(messages)]).toEqual([0, 1, 2].map((i) => taskIdOf(job.id, i)));
        // Only those of the batch that was under way may have been sent before.
        expect(messages.length).toBeLessThanOrEqual(died ? 6 : 3);
        expect(await find(job.id)).toMatchObject({ counts: { Queued: 4 }, sweep: null });
        await deleteJob(account.storage, job);
      }
    }
  } finally {
    proxy.stop();
  }
});

/** Delivers the messages to an instance that dies at its `nth` write; they come again. Whether it has died. */
async function dieAtWrite(
  proxy: StorageProxy,
  instance: Storage,
  nth: number,
  treatment: 'refuse' | 'lose',
): Promise<boolean> {
  const { peekedMessageItems } = await account.storage.commandQueue.client.peekMessages({ numberOfMessages: 32 });
  let writes = 0;
  proxy.treat = (request) => {
    if (!isWrite(request) && writes < nth) return 'pass';
    writes++;
    if (writes < nth) return 'pass';
    return writes === nth ? treatment : 'refuse';
  };
  try {
    for (const message of peekedMessageItems) {
      const command = jobCommandIn(bodyOf(message));
      if (command?.kind === 'dispatch') await runCommand(instance, command, silentMs);
    }
    return false;
  } catch {
    return true;
  } finally {
    proxy.treat = () => 'pass';
  }
}
