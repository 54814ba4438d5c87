/** One instance at a time makes the tasks of a job; when it dies or stops, another goes on at once, and nothing is sent twice. */

import { cancelJob, deleteJob } from '../../lib/jobs/change-job.ts';
import { JobExpansion } from '../../lib/jobs/job-expansion.ts';
import { taskIdOf } from '../../lib/model/ids.ts';
import type { Expansion, StoredJob } from '../../lib/model/job.ts';
import { type Lease, newLease } from '../../lib/model/lease.ts';
import { releaseCommands, requeueLostCommand, restartDispatcher } from '../../lib/recovery/lost-commands.ts';
import { jobCommandIn, taskIdIn } from '../../lib/storage/queues.ts';
import { openStorage } from '../../lib/storage/storage.ts';
import { clearBacklog, drain, expandJob, runCommand } from '../harness/job-commands.ts';
import { rawTable } from '../harness/storage.ts';
import { StorageProxy } from '../harness/storage-proxy.ts';
import { submitImages } from '../harness/submission.ts';
import { useAccount } from '../harness/use.ts';

const silentMs = 45_000;
const account = useAccount();
const running = new AbortController().signal;

/** A job of so many images, or of those under a prefix, of which no message is left. */
async function submit(images: number | { prefix: string }): Promise<string> {
  const { id } = await submitImages(account.storage, images);
  await account.storage.commandQueue.client.clearMessages();
  await account.storage.jobTaskQueue.client.clearMessages();
  await clearBacklog(account.storage);
  return id;
}

async function find(jobId: string): Promise<StoredJob> {
  return (await account.storage.jobs.get(jobId)) as StoredJob;
}

const dispatch = (jobId: string) => ({ jobId, kind: 'dispatch' as const });

/** The job as an instance leaves it that is at it, or has died at it. */
async function heldBy(jobId: string, instance: string, changes: Partial<Expansion> = {}): Promise<void> {
  const lease: Lease = { instance, run: 'a-run', until: Date.now() + silentMs };
  await account.storage.jobs.amend(jobId, ({ expansion }) => ({
    expansion: { ...(expansion as Expansion), ...changes, lease },
  }));
}

async function expectSentOnce(jobId: string, count: number): Promise<void> {
  const sent = (await drain(account.storage.jobTaskQueue)).map(taskIdIn);
  expect(sent.sort()).toEqual(Array.from({ length: count }, (_, i) => taskIdOf(jobId, i)).sort());
}

test('several deliveries of the command at once send each task once', async () => {
  const instances = await Promise.all(Array.from({ length: 3 }, () => openStorage(account.connection)));
  for (const id of ['a', 'b', 'c']) await account.storage.instances.beat(id, [], [], 0);
  const jobId = await submit(30);
  await Promise.all(
    instances.map((storage, i) =>
      expandJob(storage, jobId, { batchTasks: 3, instance: { id: ['a', 'b', 'c'][i], stopping: running } }),
    ),
  );
  await expectSentOnce(jobId, 30);
});

test('while its holder is alive others keep away; once it is known to be dead, one goes on and sends the rest once', async () => {
  const { storage } = account;
  const jobId = await submit(6);
  const instances = storage.instances;
  await instances.beat('holder', [], [dispatch(jobId)], 0);
  await heldBy(jobId, 'holder');
  await expandJob(storage, jobId, { instance: { id: 'other', stopping: running } });
  expect((await find(jobId)).expansion?.created).toBe(0);
  await instances.remove('holder');
  await runCommand(storage, dispatch(jobId), silentMs, { id: 'other', stopping: running });
  await expectSentOnce(jobId, 6);
});

test('the timer has the backlog emptied where nobody does, and only there', async () => {
  const { storage } = account;
  const jobId = await submit(6);
  await storage.backlog.add({ jobId, owner: 'anonymous', waiting: 6 });
  const lease = newLease('dispatcher', silentMs);
  const held = await storage.backlog.writeLease(lease, null);
  await restartDispatcher(storage);
  expect(await drain(storage.commandQueue)).toEqual([]);
  await storage.backlog.writeLease({ ...lease, until: Date.now() }, held?.etag ?? null);
  await restartDispatcher(storage);
  await restartDispatcher(storage);
  expect((await drain(storage.commandQueue)).map(jobCommandIn)).toEqual([dispatch(jobId)]);
  await runCommand(storage, dispatch(jobId), silentMs, { id: 'heir', stopping: running });
  await expectSentOnce(jobId, 6);
});

test('a job that has no entry in the backlog gets one', async () => {
  const { storage } = account;
  const jobId = await submit(6);
  await requeueLostCommand(storage, await find(jobId), silentMs);
  expect((await drain(storage.commandQueue)).map(jobCommandIn)).toEqual([dispatch(jobId)]);
  expect(await storage.backlog.list()).toMatchObject([{ jobId, waiting: 6 }]);
});

test('tasks that a dead instance made are sent first, and only those that were not', async () => {
  const { storage } = account;
  const jobId = await submit(6);
  await expandJob(storage, jobId, { batchTasks: 3 });
  await storage.jobTaskQueue.client.clearMessages();
  await storage.commandQueue.client.clearMessages();
  await heldBy(jobId, 'dead', { enqueued: 3 });
  await runCommand(storage, dispatch(jobId), silentMs, { id: 'other', stopping: running });
  const sent = (await drain(storage.jobTaskQueue)).map(taskIdIn).sort();
  expect(sent).toEqual([3, 4, 5].map((i) => taskIdOf(jobId, i)));
});

test('an instance that stops pauses, and the next one goes on where it was, at once', async () => {
  const { storage } = account;
  const jobId = await submit(6);
  const stop = new AbortController();
  stop.abort();
  await runCommand(storage, dispatch(jobId), silentMs, { id: 'leaving', stopping: stop.signal });
  const next = (await drain(storage.commandQueue)).map(jobCommandIn);
  expect(next.map((one) => one?.kind)).toEqual(['dispatch']);
  await runCommand(storage, dispatch(jobId), silentMs, { id: 'heir', stopping: running });
  await expectSentOnce(jobId, 6);
});

test('a listing that does not pause is released, and its late run keeps away', async () => {
  const { storage } = account;
  const jobId = await submit({ prefix: 'late/' });
  await storage.instances.beat('leaving', [], [dispatch(jobId)], 0);
  await heldBy(jobId, 'leaving');
  expect(await releaseCommands(storage, [dispatch(jobId)], 'leaving')).toBe(true);
  expect((await drain(storage.commandQueue)).map(jobCommandIn)).toEqual([dispatch(jobId)]);
  expect((await find(jobId)).expansion?.lease).toBeNull();
});

test('a job that is canceled while it is expanded gets no further tasks', async () => {
  const { storage } = account;
  const jobId = await submit(300);
  const own = await openStorage(account.connection);
  const expanding = expandJob(own, jobId, { batchTasks: 3 });
  for (let created = 0; created === 0; ) created = (await find(jobId)).expansion?.created ?? 0;
  await cancelJob(storage, await find(jobId));
  const created = (await find(jobId)).expansion?.created ?? 0;
  await expanding;
  expect((await find(jobId)).expansion?.created).toBe(created);
  expect(created).toBeLessThan(300);
});

test.each(['canceled', 'deleted'] as const)(
  'a job that is %s while its rows are written leaves none behind',
  async (what) => {
    const jobId = await submit(60);
    const proxy = await StorageProxy.start(account.connection);
    try {
      const proxied = await openStorage(proxy.connection);
      const expansion = await JobExpansion.claim(proxied, jobId, {});
      if (typeof expansion === 'string') throw new Error(expansion);
      const writing = proxy.holdNext(({ path }) => path.includes('$batch'));
      const advancing = expansion.advance(60);
      await writing.arrived;
      const { storage } = account;
      if (what === 'canceled') await cancelJob(storage, await find(jobId));
      else await deleteJob(storage, await find(jobId));
      for (const command of (await drain(storage.commandQueue)).map(jobCommandIn))
        if (command) await runCommand(storage, command, silentMs);
      writing.release('pass');
      await advancing;
      const job = await storage.jobs.get(jobId);
      if (what === 'canceled')
        expect(job).toMatchObject({ counts: { Queued: 0, Canceled: 60 }, finishedAt: expect.any(Date) });
      else expect(job).toBeNull();
      const filter = `PartitionKey eq '${jobId}'${what === 'canceled' ? " and state eq 'Queued'" : ''}`;
      const rows = (await rawTable(account.connection, 'tasks')).listEntities({ queryOptions: { filter } });
      expect(await Array.fromAsync(rows)).toEqual([]);
    } finally {
      proxy.stop();
    }
  },
);
