/** Changes of tasks that come together share a transaction, and each has its own outcome. */

import { taskIdOf } from '../../lib/model/ids.ts';
import type { StoredTask } from '../../lib/model/task.ts';
import { TaskConflictError } from '../../lib/storage/task-store.ts';
import { expandJob } from '../harness/job-commands.ts';
import { submitImages } from '../harness/submission.ts';
import { useProxiedAccount } from '../harness/use.ts';

const account = useProxiedAccount();
beforeEach(() => {
  account.proxy.treat = () => 'pass';
});

const total = 20;

async function tasksOfJob(): Promise<StoredTask[]> {
  const { id } = await submitImages(account.storage, total);
  await expandJob(account.storage, id);
  const ids = Array.from({ length: total }, (_, i) => taskIdOf(id, i));
  return (await Promise.all(ids.map((taskId) => account.byProxy.tasks.get(taskId)))) as StoredTask[];
}

const transactions = () => account.proxy.requests.filter(({ path }) => path.includes('$batch')).length;
const counts = async ([{ id }]: StoredTask[]) => (await account.storage.jobs.get(id.split('-')[0]))?.counts;

test('twenty take two transactions', async () => {
  const tasks = await tasksOfJob();
  account.proxy.requests.length = 0;
  const running = await Promise.all(tasks.map((task) => account.byProxy.tasks.apply(task, 'start')));
  // The first goes at once; the others go together when it is back.
  expect(transactions()).toBe(2);
  await Promise.all(running.map((task) => account.byProxy.tasks.apply(task, 'succeed')));
  expect(transactions()).toBe(4);
  expect(await counts(tasks)).toMatchObject({ Queued: 0, Running: 0, Succeeded: total });
});

test('one that is outdated fails by itself', async () => {
  const tasks = await tasksOfJob();
  await account.storage.tasks.apply(tasks[7], 'cancel');
  const outcomes = await Promise.allSettled(tasks.map((task) => account.byProxy.tasks.apply(task, 'start')));
  const failed = outcomes.flatMap((outcome, i) => (outcome.status === 'rejected' ? [[i, outcome.reason]] : []));
  expect(failed).toEqual([[7, expect.any(TaskConflictError)]]);
  expect(await counts(tasks)).toMatchObject({ Queued: 0, Running: total - 1, Canceled: 1 });
});

test('where the answer is lost, none is counted twice and none fails', async () => {
  const tasks = await tasksOfJob();
  let seen = 0;
  account.proxy.treat = ({ path }) => (path.includes('$batch') && ++seen === 2 ? 'lose' : 'pass');
  await Promise.all(tasks.map((task) => account.byProxy.tasks.apply(task, 'start')));
  expect(seen).toBeGreaterThan(2);
  expect(await counts(tasks)).toMatchObject({ Queued: 0, Running: total });
});
