/** A large job lies in several partitions, and nobody who asks for it can tell. */

import { endJobIfDone } from '../../lib/jobs/job-end.ts';
import { newJobId, parseTaskId, taskIdOf } from '../../lib/model/ids.ts';
import type { StoredTask } from '../../lib/model/task.ts';
import { partitionOf, partitionsOf } from '../../lib/storage/partitions.ts';
import { deleteTasks } from '../../lib/tasks/delete-tasks.ts';
import { expandJob } from '../harness/job-commands.ts';
import { rawTable } from '../harness/storage.ts';
import { submitImages } from '../harness/submission.ts';
import { until } from '../harness/until.ts';
import { useProxiedAccount } from '../harness/use.ts';

const account = useProxiedAccount();

const total = 400;

async function made(): Promise<string> {
  const { id } = await submitImages(account.storage, total);
  await expandJob(account.storage, id);
  return id;
}

async function start(jobId: string, index: number): Promise<StoredTask> {
  const store = account.storage.tasks;
  return store.apply((await store.get(taskIdOf(jobId, index))) as StoredTask, 'start');
}

test('neighbors share a partition, and a job has up to 16', () => {
  const id = newJobId();
  const used = (tasks: number) => new Set(Array.from({ length: tasks }, (_, i) => partitionOf(taskIdOf(id, i))));
  expect(used(90).size).toBe(1);
  expect(used(91).size).toBe(2);
  expect(used(100_000).size).toBe(16);
  for (const tasks of [1, 90, 91, 1440, 1441, 5000])
    expect(new Set(partitionsOf({ id, total: tasks }))).toEqual(used(tasks));
});

test('tasks are listed in the order of their index, from any place on and by state', async () => {
  const id = await made();
  const indices = async (options: object) => {
    const tasks = account.storage.tasks.list({ id, total }, { limit: 1000, ...options });
    return Array.fromAsync(tasks, ({ id }) => parseTaskId(id)?.index);
  };
  const from = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);
  expect(await indices({})).toEqual(from(0, total));
  expect(await indices({ after: 85, limit: 100 })).toEqual(from(86, 100));
  for (const index of [380, 91, 5]) await start(id, index);
  expect(await indices({ state: 'Running' })).toEqual([5, 91, 380]);
});

test('its counts cost one query, and are exact once a second', async () => {
  const id = await made();
  const ours = account.byProxy.jobs;
  for (const index of [0, 100, 200]) await start(id, index);
  expect((await ours.get(id))?.counts).toMatchObject({ Queued: total - 3, Running: 3 });
  await ours.glance(id);
  account.proxy.requests.length = 0;
  for (let i = 0; i < 10; i++) expect(await ours.glance(id)).toMatchObject({ total, counts: { Running: 3 } });
  // Ten readings, and one look at the other partitions where the second was over.
  expect(account.proxy.requests.length).toBeLessThanOrEqual(10 + partitionsOf({ id, total }).length);
  await start(id, 300);
  await until(async () => (await ours.glance(id))?.counts.Running === 4, { what: 'the summary to be renewed' });
});

test('a job that is done is read at one query, at its exact end, however long ago', async () => {
  const id = await made();
  const ours = account.byProxy.jobs;
  await ours.glance(id);
  const store = account.storage.tasks;
  for await (const task of store.list({ id, total }, { limit: total }))
    await store.apply(await store.apply(task, 'start'), 'succeed');
  await endJobIfDone(account.storage, id);
  expect((await ours.glance(id))?.counts).toMatchObject({ Succeeded: total, Queued: 0 });
  const old = new Date(Date.now() - 3600_000);
  await (await rawTable(account.connection, 'tasks')).updateEntity(
    { partitionKey: id, rowKey: 'job-summary', readAt: old },
    'Merge',
  );
  account.proxy.requests.length = 0;
  expect((await ours.glance(id))?.counts).toMatchObject({ Succeeded: total });
  expect(account.proxy.requests).toHaveLength(1);
});

test('it is deleted to the last row', async () => {
  const id = await made();

  expect(await deleteTasks(account.storage, { id, total }, 150)).toBe(false);
  while (!(await deleteTasks(account.storage, { id, total }, 150)));
  const filter = `PartitionKey ge '${id}' and PartitionKey lt '${id}~'`;
  expect(
    await Array.fromAsync((await rawTable(account.connection, 'tasks')).listEntities({ queryOptions: { filter } })),
  ).toEqual([]);
});
