/** Who changes a task must know its latest version, and the counts of a job are those of its rows. */

import { newJobId } from '../../lib/model/ids.ts';
import { jobRowsFilter } from '../../lib/storage/counters.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { TaskConflictError } from '../../lib/storage/task-store.ts';
import { submitTask } from '../../lib/tasks/submit-task.ts';
import { Account } from '../harness/account.ts';
import { rawTable } from '../harness/storage.ts';

let account: Account;
/** Two instances at work on one account. */
let [ours, theirs]: Storage[] = [];
beforeAll(async () => {
  account = await Account.start();
  [ours, theirs] = [await openStorage(account.connection), await openStorage(account.connection)];
});
afterAll(() => account.stop());

async function submit() {
  const image = { blob: 'none', name: null, contentType: 'image/png', bytes: 1, width: 1, height: 1 };
  return submitTask(ours, {
    ...{
      jobId: newJobId(),
      owner: 'anonymous',
      requestId: 'test',
      createdAt: new Date(),
      steps: [],
      output: {},
      page: 1,
    },
    input: image,
    reference: null,
    callbackUrl: null,
    cacheKey: null,
  });
}

async function counts(taskId: string) {
  const job = await ours.jobs.get(taskId.split('-')[0]);
  return Object.fromEntries(Object.entries(job?.counts ?? {}).filter(([, count]) => count !== 0));
}

test('a change made on an outdated version is refused, and not counted', async () => {
  const queued = await submit();
  const running = await ours.tasks.apply(queued, 'start');
  const seen = await theirs.tasks.get(queued.id);
  if (!seen) throw new Error('The task is gone.');
  await theirs.tasks.apply(seen, 'cancel');
  await expect(ours.tasks.apply(running, 'succeed')).rejects.toThrow(TaskConflictError);
  await expect(ours.tasks.apply(queued, 'start')).rejects.toThrow(TaskConflictError);
  expect((await ours.tasks.get(queued.id))?.state).toBe('Canceled');
  expect(await counts(queued.id)).toEqual({ Canceled: 1 });
});

test('of two instances that start the same task one wins', async () => {
  for (let round = 0; round < 20; round++) {
    const queued = await submit();
    const stores = [ours.tasks, theirs.tasks];
    const outcomes = await Promise.allSettled(stores.map((store) => store.apply(queued, 'start')));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await counts(queued.id)).toEqual({ Running: 1 });
  }
});

test('a chain of changes by one instance goes through, each on the version the one before gave', async () => {
  const store = ours.tasks;
  let task = await submit();
  for (const event of ['start', 'release', 'start', 'fail', 'retry', 'start', 'succeed'] as const)
    task = await store.apply(task, event);
  expect(await counts(task.id)).toEqual({ Succeeded: 1 });
});

test('a job that many processes have worked on is read at once, and its counts stay exact', async () => {
  let task = await submit();
  const [jobId] = task.id.split('-');
  const rowsOf = async () =>
    (
      await Array.fromAsync(
        (await rawTable(account.connection, 'tasks')).listEntities({ queryOptions: { filter: jobRowsFilter(jobId) } }),
      )
    ).length;
  const processes = await Promise.all(Array.from({ length: 6 }, () => openStorage(account.connection)));
  for (const storage of processes) {
    task = await storage.tasks.apply(task, 'start');
    task = await storage.tasks.apply(task, 'release');
  }
  expect(await rowsOf()).toBe(1 + processes.length);
  await Promise.all([ours, theirs].map(({ tasks }) => tasks.foldCounts({ id: jobId, total: 1 }, -60_000)));
  expect(await rowsOf()).toBe(2);
  expect(await counts(task.id)).toEqual({ Queued: 1 });
  // A process whose row is gone goes on counting.
  await processes[0].tasks.apply(task, 'start');
  expect(await counts(task.id)).toEqual({ Running: 1 });
});

test('rows of processes that count are left alone', async () => {
  const task = await submit();
  const [jobId] = task.id.split('-');
  let now = task;
  for (let i = 0; i < 5; i++) now = await (await openStorage(account.connection)).tasks.apply(now, 'start');
  await ours.tasks.foldCounts({ id: jobId, total: 1 });
  const rows = (await rawTable(account.connection, 'tasks')).listEntities({
    queryOptions: { filter: jobRowsFilter(jobId) },
  });
  expect(await Array.fromAsync(rows)).toHaveLength(6);
});
