/** What is past the retention is gone; what is not stays. */

import { cleanUp } from '../../lib/recovery/clean-up.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { rawTable } from '../harness/storage.ts';
import { until } from '../harness/until.ts';

const day = 24 * 3600_000;

let runner: Runner;
let client: Client;
let storage: Storage;
beforeAll(async () => {
  runner = await Runner.start();
  client = new Client(runner);
  storage = await openStorage(runner.storage);
});
afterAll(() => runner.stop());

const names = (items: AsyncIterable<{ name: string }>) => Array.fromAsync(items, ({ name }) => name);
const rows = async (name: string) => Array.fromAsync((await rawTable(runner.storage, name)).listEntities());

async function everything() {
  return {
    tasks: await rows('tasks'),
    jobs: await rows('jobs'),
    inputs: await names(storage.inputs.list()),
    results: await names(storage.results.list()),
  };
}

test('jobs, tasks, images and results go after the retention; uploads after twice that', async () => {
  const task = await client.run({ image: fixture('box.png'), fields: { operation: 'invert' } });
  await client.upload({ 'kept/a.png': fixture('box.png') });
  const { id } = await client.submit('/api/jobs', { prefix: 'kept/', operation: 'canny' });
  await client.jobDone(id);
  await until(async () => (await client.get(`/api/jobs/${id}`)).finishedAt, { what: 'the end of the job is noted' });
  const before = await everything();
  await cleanUp(storage, day, Date.now() + 0.9 * day);
  expect(await everything()).toEqual(before);

  await cleanUp(storage, day, Date.now() + 1.1 * day);
  expect(await everything()).toEqual({ tasks: [], jobs: [], inputs: ['uploads/anonymous/kept/a.png'], results: [] });
  expect((await client.fetch(`/api/tasks/${task.id}`)).status).toBe(404);
  expect((await client.get('/api/jobs')).jobs).toEqual([]);

  await cleanUp(storage, day, Date.now() + 2.1 * day);
  expect((await everything()).inputs).toEqual([]);
});

test('the timer does it', async () => {
  const env = { RETENTION_DAYS: '0', CLEAN_UP_SCHEDULE: '* * * * * *' };
  const { id } = await client.run({ image: fixture('box.png'), fields: { operation: 'invert' } });
  const cleaner = await Runner.start({ connection: runner.storage, args: ['--only', 'control,process'], env });
  try {
    const isGone = async () => (await client.fetch(`/api/tasks/${id}`)).status === 404;
    await until(isGone, { what: 'the timer has removed the task' });
  } finally {
    await cleaner.stop();
  }
});

test('a job with a backlog longer than the retention is not cut off', async () => {
  const idle = await Runner.start({ args: ['--only', 'http'] });
  try {
    const caller = new Client(idle);
    const { id } = (await (
      await caller.post({ image: fixture('box.png'), fields: { operation: 'invert' } })
    ).json()) as { id: string };
    await cleanUp(await openStorage(idle.storage), day, Date.now() + 1.1 * day);
    expect(await caller.task(id)).toMatchObject({ state: 'Queued' });
  } finally {
    await idle.stop();
  }
});
