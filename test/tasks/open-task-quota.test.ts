/** How many tasks a caller may have that are not done: what is counted, what is forgotten, and what finding out costs. */

import { newJobId } from '../../lib/model/ids.ts';
import { OpenTaskQuota } from '../../lib/tasks/open-task-quota.ts';
import { rawTable } from '../harness/storage.ts';
import { submitImages, submitWithoutImage } from '../harness/submission.ts';
import { useProxiedAccount } from '../harness/use.ts';

const account = useProxiedAccount();

/** A caller of their own for each test, on an instance of their own, whose clock stands still until it is moved. */
function newCaller(limit: number) {
  let now = 0;
  const openTasks = new OpenTaskQuota(limit, () => now);
  const owner = `key-${newJobId()}`;
  return {
    owner,
    openTasks,
    passSeconds: (seconds: number) => (now += seconds * 1000),
    /** Counts a job of so many tasks, and makes it. */
    async submit(tasks: number): Promise<string> {
      const jobId = newJobId();
      await openTasks.admit(account.byProxy, { owner, jobId, tasks });
      if (tasks === 1) await submitWithoutImage(account.storage, { jobId, owner });
      else await submitImages(account.storage, tasks, { id: jobId, owner });
      openTasks.settle(owner, jobId);
      return jobId;
    },
  };
}

async function end(jobId: string): Promise<void> {
  const store = account.storage.tasks;
  const task = await store.get(`${jobId}-0`);
  if (task) await store.apply(task, 'cancel', { finishedAt: new Date() });
}

const tooMany = { details: { type: 'urn:tessera:problem:too-many-open-tasks', status: 429 } };

test('as many as the limit are allowed, and one more once one is done', async () => {
  const { submit, passSeconds } = newCaller(3);
  const [first] = [await submit(1), await submit(2)];
  await expect(submit(1)).rejects.toMatchObject(tooMany);
  await end(first);
  passSeconds(2);
  await submit(1);
  await expect(submit(1)).rejects.toMatchObject(tooMany);
});

test('a job of more images than may ever be open is refused without a promise', async () => {
  const { submit } = newCaller(3);
  const refused = await submit(4).catch((error) => error);
  expect(refused.details).toMatchObject({ type: 'urn:tessera:problem:too-many-images', status: 422, limit: 3 });
  expect(refused.details).not.toHaveProperty('retryAfter');
});

test('a job that was not made after all is forgotten; one that is counted anew counts once', async () => {
  const { submit, openTasks, owner } = newCaller(2);
  const job = { owner, jobId: newJobId(), tasks: 2 };
  await openTasks.admit(account.byProxy, job);
  await openTasks.admit(account.byProxy, job);
  openTasks.forget(owner, job.jobId);
  await submit(2);
});

test('a job that is being made is not taken for one that is gone', async () => {
  const { openTasks, owner } = newCaller(2);
  await openTasks.admit(account.byProxy, { owner, jobId: newJobId(), tasks: 2 });
  await expect(openTasks.admit(account.byProxy, { owner, jobId: newJobId(), tasks: 1 })).rejects.toMatchObject(tooMany);
});

test('jobs that are not done, however many came before, do not hide those that are', async () => {
  const { submit, passSeconds } = newCaller(130);
  for (let i = 0; i < 110; i++) await submit(1);
  const done = [];
  for (let i = 0; i < 20; i++) done.push(await submit(1));
  await Promise.all(done.map(end));
  let accepted = false;
  for (let tries = 0; tries < 10 && !accepted; tries++) {
    accepted = await submit(1).then(
      () => true,
      () => false,
    );
    passSeconds(2);
  }
  expect(accepted).toBe(true);
});

test('a refusal costs a few requests to the storage, and the next ones of that second none', async () => {
  const { submit } = newCaller(60);
  for (let i = 0; i < 60; i++) await submit(1);
  account.proxy.requests.length = 0;
  await expect(submit(1)).rejects.toMatchObject(tooMany);
  expect(account.proxy.requests.length).toBeLessThanOrEqual(32);
  account.proxy.requests.length = 0;
  for (let i = 0; i < 20; i++) await expect(submit(1)).rejects.toMatchObject(tooMany);
  expect(account.proxy.requests).toEqual([]);
});

test('refusals at the same time look at the storage once', async () => {
  const { submit } = newCaller(4);
  for (let i = 0; i < 4; i++) await submit(1);
  account.proxy.requests.length = 0;
  await Promise.allSettled(Array.from({ length: 10 }, () => submit(1)));
  expect(account.proxy.requests.length).toBe(4);
});

test('where all are done, one request to the storage makes room for one more task', async () => {
  const { submit } = newCaller(64);
  for (let i = 0; i < 64; i++) await end(await submit(1));
  account.proxy.requests.length = 0;
  for (let i = 0; i < 64; i++) await submit(1);
  expect(account.proxy.requests.length).toBeLessThanOrEqual(64);
});

test('images under a prefix count once they are known', async () => {
  const { submit, openTasks, owner, passSeconds } = newCaller(10);
  const jobId = newJobId();
  await openTasks.admit(account.byProxy, { owner, jobId, tasks: null });
  const job = await submitImages(account.storage, { prefix: 'p/' }, { id: jobId, owner });
  openTasks.settle(owner, jobId);
  await submit(5);
  await (await rawTable(account.connection, 'tasks')).updateEntity(
    { partitionKey: job.id, rowKey: 'job', total: 5 },
    'Merge',
  );
  passSeconds(2);
  await expect(submit(1)).rejects.toMatchObject(tooMany);
});
