/** A job's tasks are each made once and put in line, wherever their making is broken off. */

import { parseTaskId } from '../../lib/model/ids.ts';
import { problem } from '../../lib/problems.ts';
import { sweepDue } from '../../lib/recovery/due-sweep.ts';
import { restartDispatcher } from '../../lib/recovery/lost-commands.ts';
import { reassignTasks } from '../../lib/recovery/reassign-tasks.ts';
import { type JobCommand, jobCommandIn, taskIdIn } from '../../lib/storage/queues.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { Account } from '../harness/account.ts';
import { clearBacklog, expandJob, runCommand } from '../harness/job-commands.ts';
import { bodyOf } from '../harness/storage.ts';
import { isWrite, StorageProxy } from '../harness/storage-proxy.ts';
import { submitImages } from '../harness/submission.ts';

const count = 7;
const batchTasks = 3;
const silentMs = 45_000;

let account: Account;
let proxy: StorageProxy;
/** Sees the account as it is. */
let storage: Storage;
/** By way of the proxy: asks once, or again where there is no answer. */
let asksOnce: Storage;
let asksAgain: Storage;
beforeAll(async () => {
  account = await Account.start();
  proxy = await StorageProxy.start(account.connection);
  storage = await openStorage(account.connection);
  asksOnce = await openStorage(proxy.connection, { retries: 0 });
  asksAgain = await openStorage(proxy.connection);
});
afterAll(async () => {
  proxy.stop();
  await account.stop();
});

/** Hands in a job, without its messages: the tests deliver them. */
async function submit(source: { images: string[] } | { prefix: string }): Promise<string> {
  const { id, owner } = await submitImages(storage, source);
  await storage.commandQueue.client.clearMessages();
  await clearBacklog(storage);
  await storage.backlog.add({ jobId: id, owner, waiting: count });
  return id;
}

/** Runs an expansion whose instance dies at its `nth` write. Whether it has died. */
async function dieAtWrite(jobId: string, nth: number, treatment: 'refuse' | 'lose'): Promise<boolean> {
  let writes = 0;
  proxy.treat = (request) => {
    if (!isWrite(request) && writes < nth) return 'pass';
    writes++;
    if (writes < nth) return 'pass';
    return writes === nth ? treatment : 'refuse';
  };
  try {
    await expandJob(asksOnce, jobId, { batchTasks });
    return false;
  } catch {
    return true;
  } finally {
    proxy.treat = () => 'pass';
  }
}

/** Runs an expansion that gets no answer to its `nth` write, and asks again. Whether there were so many, and whether it failed. */
async function loseAnswer(jobId: string, nth: number): Promise<{ lost: boolean; failed: boolean }> {
  let writes = 0;
  proxy.treat = (request) => (isWrite(request) && ++writes === nth ? 'lose' : 'pass');
  const [{ status }] = await Promise.allSettled([expandJob(asksAgain, jobId, { batchTasks })]);
  proxy.treat = () => 'pass';
  return { lost: writes >= nth, failed: status === 'rejected' };
}

/** What the queue does afterwards: it delivers the message again if it failed, and all that follow from it. */
async function recover(jobId: string, redelivered: boolean): Promise<void> {
  if (redelivered) await expandJob(storage, jobId, { batchTasks });
  await deliverCommands(jobId, 'dispatch');
}

/** Runs all such commands of the job until none is left; others are dropped. */
async function deliverCommands(jobId: string, wanted: JobCommand['kind']): Promise<void> {
  for (;;) {
    const { receivedMessageItems } = await storage.commandQueue.client.receiveMessages({ numberOfMessages: 32 });
    if (
      receivedMessageItems.length === 0 &&
      !(await storage.commandQueue.client.getProperties()).approximateMessagesCount
    )
      return;
    for (const message of receivedMessageItems) {
      const command = jobCommandIn(bodyOf(message));
      if (command?.kind === wanted && command.jobId === jobId) await runCommand(storage, command, silentMs);
      await storage.commandQueue.client.deleteMessage(message.messageId, message.popReceipt);
    }
  }
}

async function expectWhole(jobId: string): Promise<void> {
  const tasks = await Array.fromAsync(storage.tasks.list({ id: jobId, total: count }, { limit: 100 }));
  expect(tasks.map(({ id, input }) => [parseTaskId(id)?.index, input.name])).toEqual(
    Array.from({ length: count }, (_, i) => [i, `${i}.png`]),
  );
  const inLine = new Set<string>();
  for (;;) {
    const { receivedMessageItems } = await storage.jobTaskQueue.client.receiveMessages({ numberOfMessages: 32 });
    if (receivedMessageItems.length === 0) break;
    for (const message of receivedMessageItems) {
      inLine.add(taskIdIn(bodyOf(message)) ?? '');
      await storage.jobTaskQueue.client.deleteMessage(message.messageId, message.popReceipt);
    }
  }
  expect([...inLine].sort()).toEqual(tasks.map(({ id }) => id).sort());
  const job = await storage.jobs.get(jobId);
  expect(job).toMatchObject({ total: count, counts: { Queued: count }, expansion: { created: count } });
}

const names = Array.from({ length: count }, (_, i) => `${i}.png`);

const deathsAt = [
  ['before it takes effect', 'refuse'],
  ['after it took effect', 'lose'],
] as const;

test.each(deathsAt)('of a list, dying at each write in turn, %s', async (_, treatment) => {
  let deaths = 0;
  for (let nth = 1; ; nth++) {
    const jobId = await submit({ images: names });
    const died = await dieAtWrite(jobId, nth, treatment);
    await recover(jobId, died);
    await expectWhole(jobId);
    if (!died) break;
    deaths++;
  }
  // Three batches, a message for each task, and the message of the next portion.
  expect(deaths).toBeGreaterThanOrEqual(3 + count + 1);
});

test.each(deathsAt)('of a prefix, dying at each write in turn, %s', async (_, treatment) => {
  for (const name of names) await storage.inputs.putText(`uploads/anonymous/set/${name}`, 'x');
  for (let nth = 1, died = true; died; nth++) {
    const jobId = await submit({ prefix: 'set/' });
    died = await dieAtWrite(jobId, nth, treatment);
    await recover(jobId, died);
    await expectWhole(jobId);
  }
});

test('an answer that is lost is asked for again', async () => {
  for (let nth = 1; ; nth++) {
    const jobId = await submit({ images: names });
    const { lost, failed } = await loseAnswer(jobId, nth);
    await recover(jobId, failed);
    await expectWhole(jobId);
    if (!lost) break;
  }
});

test('what a dead instance was at is put in line again, without waiting for its message', async () => {
  const jobId = await submit({ images: names });
  const command = { jobId, kind: 'dispatch' as const };
  await storage.instances.beat('dead', [], [command], 0);
  await reassignTasks(storage, -1);
  await restartDispatcher(storage);
  await recover(jobId, false);
  await expectWhole(jobId);
  expect(await Array.fromAsync(storage.instances.silentSince(new Date(Date.now() + 1)))).toEqual([]);
});

test('a job whose tasks could not be created ends', async () => {
  const jobId = await submit({ images: names });
  const jobs = storage.jobs;
  await jobs.amend(jobId, () => ({ error: problem('processing-failed', 'Not created.').details }));
  await sweepDue(storage, silentMs, { now: Date.now() + 60_000 });
  expect((await jobs.get(jobId))?.finishedAt).toEqual(expect.any(Date));
});

test('two at the same time make each task once', async () => {
  for (let round = 0; round < 5; round++) {
    const jobId = await submit({ images: names });
    const other = await openStorage(account.connection);
    await Promise.allSettled([storage, other].map((one) => expandJob(one, jobId, { batchTasks })));
    await recover(jobId, true);
    await expectWhole(jobId);
  }
});
