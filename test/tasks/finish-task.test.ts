/** An end is noted once, and told, also where the storage's answer to it was lost. */

import { maxAttempts, maxLosses } from '../../lib/limits.ts';
import type { StoredTask } from '../../lib/model/task.ts';
import { resultBlob } from '../../lib/storage/blob-names.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { TaskConflictError } from '../../lib/storage/task-store.ts';
import { finishTask } from '../../lib/tasks/finish-task.ts';
import { resolvePoisonedTask } from '../../lib/tasks/requeue-task.ts';
import { Account } from '../harness/account.ts';
import { loggedBy } from '../harness/log.ts';
import { takeMessages } from '../harness/messages.ts';
import { StorageProxy } from '../harness/storage-proxy.ts';
import { submitWithoutImage } from '../harness/submission.ts';

let account: Account;
let proxy: StorageProxy;
/** Sees the account as it is. */
let storage: Storage;
/** Loses the answers that the proxy is told to, and sends its request again. */
let unlucky: Storage;
beforeAll(async () => {
  account = await Account.start();
  proxy = await StorageProxy.start(account.connection);
  storage = await openStorage(account.connection);
  unlucky = await openStorage(proxy.connection);
});
afterAll(async () => {
  proxy.stop();
  await account.stop();
});
beforeEach(async () => {
  proxy.treat = () => 'pass';
  await storage.taskQueue.client.clearMessages();
  await storage.callbackQueue.client.clearMessages();
});

const silentMs = 45_000;
const callbackUrl = 'https://example.org/hook';

/** The answer to the next transaction does not arrive. */
function loseNextTransaction(): void {
  proxy.treat = ({ service, path }) => {
    if (service !== 'Table' || !path.includes('$batch')) return 'pass';
    proxy.treat = () => 'pass';
    return 'lose';
  };
}

/** A task that waits, whose message is gone. */
async function submitted(): Promise<StoredTask> {
  const task = await submitWithoutImage(storage, { callbackUrl });
  await storage.taskQueue.client.clearMessages();
  return task;
}

const running = async () => storage.tasks.apply(await submitted(), 'start', { attempts: 1, instance: 'w' });

test.each([
  ['succeed', 'Succeeded', 'task-succeeded'],
  ['fail', 'Failed', 'task-failed'],
  ['cancel', 'Canceled', 'task-canceled'],
] as const)('%s, whose answer is lost: noted, logged and told once', async (event, state, logged) => {
  const task = await running();
  loseNextTransaction();
  const { events } = await loggedBy(async () => {
    const ended = await finishTask(unlucky, task, event, {});
    expect(ended).toMatchObject({ state, etag: (await storage.tasks.get(task.id))?.etag });
  });
  expect(events).toEqual([logged]);
  expect(await takeMessages(storage.callbackQueue)).toEqual([{ id: task.id, attempt: 1 }]);
});

test('of two that end a task at the same time one is refused', async () => {
  const task = await running();
  await finishTask(storage, task, 'cancel', {});
  await expect(finishTask(storage, task, 'succeed', {})).rejects.toThrow(TaskConflictError);
});

test('several tasks changed at once, the answer lost: all are given with their new versions', async () => {
  const task = await submitWithoutImage(storage);
  loseNextTransaction();
  const [changed] = await unlucky.tasks.applyAll([task], 'start', { attempts: 1, instance: 'w' });
  await storage.tasks.apply(changed, 'succeed');
});

test('a poisoned message of a task that is done has its end told', async () => {
  const task = await running();
  await storage.tasks.apply(task, 'succeed', { finishedAt: new Date() });
  await resolvePoisonedTask(storage, task.id, silentMs);
  expect(await takeMessages(storage.callbackQueue)).toEqual([{ id: task.id, attempt: 1 }]);
});

test('a task that is done from the cache calls back', async () => {
  const first = await storage.tasks.apply(await submitWithoutImage(storage, { cacheKey: 'same' }), 'start');
  const blob = resultBlob(first.id);
  await storage.results.put(blob, Buffer.from('png'), 'image/png');
  const result = { blob, contentType: 'image/png', bytes: 3, width: 1, height: 1 };
  await storage.tasks.apply(first, 'succeed', { result, finishedAt: new Date() });
  const again = await submitWithoutImage(storage, { cacheKey: 'same', callbackUrl });
  expect(again).toMatchObject({ state: 'Succeeded', cached: true });
  expect(await takeMessages(storage.callbackQueue)).toEqual([{ id: again.id, attempt: 1 }]);
});

describe('a poisoned message', () => {
  const resolve = (id: string) => resolvePoisonedTask(storage, id, silentMs);
  const stateOf = async (id: string) => (await storage.tasks.get(id))?.state;
  beforeEach(() => storage.taskQueue.client.clearMessages());

  test('of a task that a live instance works on changes nothing', async () => {
    const { id } = await running();
    await storage.instances.beat('w', [id], [], 0);
    await resolve(id);
    expect(await stateOf(id)).toBe('Running');
    expect(await takeMessages(storage.taskQueue)).toEqual([]);
    await storage.instances.beat('w', [], [], 0);
  });

  test('of a task whose attempts are not used up brings it back, a few times', async () => {
    const { id } = await submitted();
    let rounds = 0;
    for (; (await stateOf(id)) === 'Queued' && rounds < 20; rounds++) await resolve(id);
    expect(rounds).toBe(maxLosses + 1);
    expect(await takeMessages(storage.taskQueue)).toEqual(Array(maxLosses).fill({ taskId: id }));
    expect(await stateOf(id)).toBe('Failed');
  });

  test('of a task that waits in a live instance changes nothing', async () => {
    const { id } = await submitted();
    await storage.taskQueue.client.clearMessages();
    await storage.instances.beat('w', [id], [], 0);
    for (let i = 0; i <= maxLosses; i++) await resolve(id);
    expect(await storage.tasks.get(id)).toMatchObject({ state: 'Queued', losses: 0 });
    expect(await takeMessages(storage.taskQueue)).toEqual([]);
    await storage.instances.beat('w', [], [], 0);
  });

  test('of a task whose last instances have all died ends it, and says so', async () => {
    const task = await storage.tasks.apply(await submitWithoutImage(storage), 'start', {
      losses: maxLosses,
      instance: 'dead',
    });
    await resolve(task.id);
    const detail =
      `Failed after ${maxLosses} losses of the instance that worked on it, or of its message. ` +
      'Instance dead ended while it worked on the task.';
    expect(await storage.tasks.get(task.id)).toMatchObject({ state: 'Failed', error: { detail } });
  });

  test('of a task whose instance died in the last attempt brings it back: that was none', async () => {
    const { id } = await storage.tasks.apply(await submitWithoutImage(storage), 'start', {
      attempts: maxAttempts,
      instance: 'dead',
    });
    await storage.taskQueue.client.clearMessages();
    await resolve(id);
    expect(await storage.tasks.get(id)).toMatchObject({
      state: 'Queued',
      attempts: maxAttempts - 1,
      losses: 1,
    });
    expect(await takeMessages(storage.taskQueue)).toEqual([{ taskId: id }]);
  });
});
