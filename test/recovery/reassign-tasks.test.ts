/** The tasks of an instance that is gone go to others, whatever stands in the way of one of them. */

import { maxLosses } from '../../lib/limits.ts';
import type { StoredTask } from '../../lib/model/task.ts';
import { reassignTasks } from '../../lib/recovery/reassign-tasks.ts';
import { loggedBy } from '../harness/log.ts';
import { takeMessages } from '../harness/messages.ts';
import { submitWithoutImage } from '../harness/submission.ts';
import { useProxiedAccount } from '../harness/use.ts';

const account = useProxiedAccount({ retries: 0 });

/** Tasks that instance `dead` works on, without messages. */
async function runningOnDead(count: number, changes: object = {}): Promise<StoredTask[]> {
  const { storage } = account;
  const tasks = await Promise.all(Array.from({ length: count }, () => submitWithoutImage(storage)));
  await storage.taskQueue.client.clearMessages();
  const store = storage.tasks;
  const started = tasks.map((task) => store.apply(task, 'start', { attempts: 1, instance: 'dead', ...changes }));
  const ids = tasks.map(({ id }) => id);
  await storage.instances.beat('dead', ids, [], 0);
  return Promise.all(started);
}

/** Whoever wrote before now is dead. */
const silentMs = -1000;
const now = ({ id }: StoredTask) => account.storage.tasks.get(id);

test('each waits again, with a message; the attempt does not count, the loss does', async () => {
  const tasks = await runningOnDead(2);
  const { events } = await loggedBy(() => reassignTasks(account.storage, silentMs));
  for (const task of tasks) expect(await now(task)).toMatchObject({ state: 'Queued', attempts: 0, losses: 1 });
  expect(await takeMessages(account.storage.taskQueue)).toHaveLength(2);
  expect(events).toEqual(['task-reassigned', 'task-reassigned']);
});

test('one whose row cannot be written is named in the log and tried again; the others go on', async () => {
  const [first, second] = await runningOnDead(2);
  account.proxy.treat = ({ service, body }) =>
    service === 'Table' && body.includes(first.id.split('-')[0]) ? 'refuse' : 'pass';
  const { lines } = await loggedBy(() => reassignTasks(account.byProxy, silentMs));
  account.proxy.treat = () => 'pass';
  expect(lines).toContainEqual(expect.objectContaining({ event: 'reassignment-failed', task: first.id }));
  expect(await now(second)).toMatchObject({ state: 'Queued' });
  await reassignTasks(account.byProxy, silentMs);
  expect(await now(first)).toMatchObject({ state: 'Queued', attempts: 0, losses: 1 });
});

test('a task that has lost as many instances as may be fails, and says so', async () => {
  const [task] = await runningOnDead(1, { losses: maxLosses });
  await reassignTasks(account.storage, silentMs);
  const detail = expect.stringContaining(`${maxLosses} losses`);
  expect(await now(task)).toMatchObject({ state: 'Failed', error: { detail } });
});
