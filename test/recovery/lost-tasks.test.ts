/** A task that waits without a message gets one, whatever else the system does. */

import { requeueLostTasks } from '../../lib/recovery/lost-tasks.ts';
import type { SearchLimits } from '../../lib/storage/queued-task-search.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { Account } from '../harness/account.ts';
import { takeMessages } from '../harness/messages.ts';
import { submitWithoutImage } from '../harness/submission.ts';
import { until } from '../harness/until.ts';

let account: Account;
let storage: Storage;
beforeEach(async () => {
  account = await Account.start();
  storage = await openStorage(account.connection);
});
afterEach(() => account.stop());

const idle = {
  queued: 0,
  oldestQueuedSeconds: null,
};
/** Whatever was written before now is old enough. */
const noSilence = -1000;

/** A task whose instance died between its row and its message. */
async function lose(): Promise<string> {
  const { id } = await submitWithoutImage(storage);
  await storage.taskQueue.client.clearMessages();
  return id;
}

/** The tasks that a run puts back. */
async function run(stats: object = {}, silentMs = noSilence, limits?: SearchLimits): Promise<string[]> {
  await requeueLostTasks(storage, { ...idle, ...stats }, silentMs, limits);
  return ((await takeMessages(storage.taskQueue)) as { taskId: string }[]).map(({ taskId }) => taskId);
}

test('in an idle system it gets a message, and no second one with the next run', async () => {
  const id = await lose();
  expect(await run()).toEqual([id]);
  expect(await run()).toEqual([]);
});

test('one that was requeued is left alone until it has waited as long again', async () => {
  const id = await lose();
  const hidden = { queued: 1 };
  // The row was written a second before it is requeued, so that a time between the two can be named.
  const written = Date.now();
  await until(() => Date.now() >= written + 1000, { what: 'the row to be a second old' });
  expect(await run(hidden)).toEqual([id]);
  expect(await run(hidden, Date.now() - written - 300)).toEqual([]);
  expect(await run(hidden)).toEqual([id]);
});

test('a task in the hands of a live instance, and one that is done, are left alone', async () => {
  const [held, done] = [await lose(), await lose()];
  await storage.instances.beat('alive', [held], [], 0);
  const task = await storage.tasks.get(done);
  if (task) await storage.tasks.apply(task, 'cancel');
  expect(await run()).toEqual([]);
});

test('a table of many pages is gone through in as many runs, each as in a new process', async () => {
  const ids = [await lose(), await lose(), await lose(), await lose(), await lose()];
  const found: string[] = [];
  for (let runs = 0; runs < 3; runs++) found.push(...(await run({}, noSilence, { runMs: 0, pageRows: 2 })));
  expect(found.sort()).toEqual(ids.sort());
});

test('while others wait, it is found among those older than the first of them', async () => {
  const lost = await lose();
  const between = Date.now() + 1;
  while (Date.now() <= between);
  await lose();
  expect(await run({ queued: 1, oldestQueuedSeconds: 0 }, Date.now() - between)).toEqual([lost]);
});
