/** Many images through the same steps: uploaded directly, made into tasks by the queue, counted exactly. */
import { Client, type TaskJson } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { contents } from '../harness/storage.ts';
import { until } from '../harness/until.ts';

let runner: Runner;
let client: Client;
beforeAll(async () => {
  runner = await Runner.start();
  client = new Client(runner);
});
afterAll(() => runner.stop());

const edges = { operation: 'canny', params: { blur: 1 } };

test('uploaded images become a job; good ones succeed, bad ones say what is wrong with them', async () => {
  await client.upload({
    'mixed/a.png': fixture('coins.png'),
    'mixed/b.jpg': fixture('fruits.jpg'),
    'mixed/no image.png': Buffer.from('text'),
  });
  const images = ['mixed/a.png', 'mixed/b.jpg', 'mixed/no image.png', 'mixed/missing.png'];
  const response = await client.send('POST', '/api/jobs', { images, ...edges });
  expect(response.status).toBe(202);
  const accepted = (await response.json()) as { id: string };
  expect(response.headers.get('location')).toBe(`/api/jobs/${accepted.id}`);
  expect(accepted).toMatchObject({ state: 'Queued', total: 4, counts: { queued: 4 } });

  const job = await client.jobDone(accepted.id);
  expect(job).toMatchObject({ state: 'Completed', counts: { queued: 0, running: 0, succeeded: 2, failed: 2 } });
  const { tasks } = await client.get(`/api/jobs/${job.id}/tasks`);
  expect(
    tasks.map(({ error, ...task }: TaskJson) => [task.input.name, task.state, error?.type.split(':').at(-1)]),
  ).toEqual([
    ['a.png', 'Succeeded', undefined],
    ['b.jpg', 'Succeeded', undefined],
    ['no image.png', 'Failed', 'unsupported-image'],
    ['missing.png', 'Failed', 'input-not-found'],
  ]);
  expect(tasks[1].input).toMatchObject({ contentType: 'image/jpeg', width: 512, height: 480, bytes: 82429 });
});

test('a prefix takes all images under it', async () => {
  const files = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`all/${i}.png`, fixture('box.png')]));
  await client.upload({ ...files, 'allied/x.png': fixture('box.png') });
  const { id } = await client.submit('/api/jobs', { prefix: 'all/', ...edges });
  expect(await client.jobDone(id)).toMatchObject({ total: 7, counts: { succeeded: 7 } });
});

test('a prefix without images fails the job and says so', async () => {
  const { id } = await client.submit('/api/jobs', { prefix: 'none/', ...edges });
  const job = await client.jobDone(id);
  expect(job).toMatchObject({ state: 'Failed', error: { type: 'urn:tessera:problem:input-not-found' } });
});

test('a job of 300 images is listed page by page, by state, without a task missing or twice', async () => {
  const only = await Runner.start({ args: ['--only', 'http'] });
  const reader = new Client(only);
  const images = Array.from({ length: 300 }, (_, i) => `many/${i}.png`);
  const { id } = await reader.submit('/api/jobs', { images, ...edges });
  const env = { AzureWebJobsStorage: only.storage };
  const instance = await Runner.start({ args: ['--only', 'control,process', '--no-storage'], env });
  try {
    const job = await reader.jobDone(id);
    // None of the images was uploaded.
    expect(job).toMatchObject({ total: 300, counts: { queued: 0, failed: 300 } });
    const names = new Set<string>();
    let pages = 0;
    for (let next: string | null = ''; next !== null; pages++) {
      const path: string = `/api/jobs/${id}/tasks?state=Failed&limit=30${next && `&continuation=${next}`}`;
      const page = await reader.get(path);
      for (const { input } of page.tasks) names.add(input.name);
      ({ next } = page);
    }
    expect(names.size).toBe(300);
    expect(pages).toBeLessThanOrEqual(11);
    expect((await reader.get(`/api/jobs/${id}/tasks?state=Succeeded`)).tasks).toEqual([]);
  } finally {
    await instance.stop();
    await only.stop();
  }
});

test('canceling stops what is queued; nothing stays queued or running', async () => {
  await client.upload({ 'big.png': fixture('graf1.png') });
  const images = Array(200).fill('big.png');
  const { id } = await client.submit('/api/jobs', { images, operation: 'watershed' });
  const isAtWork = async () => (await client.get(`/api/jobs/${id}`)).counts.running > 0;
  await until(isAtWork, { what: 'the job is at work' });
  expect((await client.send('POST', `/api/jobs/${id}/cancel`)).status).toBe(202);
  const job = await client.jobDone(id);
  expect(job.state).toBe('Canceled');
  expect(job.counts).toMatchObject({ queued: 0, running: 0, failed: 0 });
  expect(job.counts.canceled).toBeGreaterThan(100);
  expect(job.counts.canceled + job.counts.succeeded).toBe(200);
  const refused = await client.send('POST', `/api/jobs/${id}/retry`);
  expect(refused.status).toBe(409);
});

test('failed tasks are tried again, all of a job or one', async () => {
  const images = ['late/a.png', 'late/b.png', 'late/c.png'];
  const { id } = await client.submit('/api/jobs', { images, ...edges });
  expect(await client.jobDone(id)).toMatchObject({ counts: { failed: 3 } });
  await client.upload({ 'late/a.png': fixture('box.png') });
  expect((await client.send('POST', `/api/tasks/${id}-0/retry`)).status).toBe(202);
  expect(await client.finished(`${id}-0`)).toMatchObject({ state: 'Succeeded', attempts: 1 });
  await client.upload({ 'late/b.png': fixture('box.png'), 'late/c.png': fixture('box.png') });
  expect((await client.send('POST', `/api/jobs/${id}/retry`)).status).toBe(202);
  const haveSucceeded = async () => (await client.jobDone(id)).counts.succeeded === 3;
  await until(haveSucceeded, { what: 'all three have succeeded' });
  expect(await client.jobDone(id)).toMatchObject({
    state: 'Completed',
    counts: { succeeded: 3, failed: 0, queued: 0 },
  });
  expect((await client.send('POST', `/api/tasks/${id}-0/retry`)).status).toBe(409);
});

test('jobs and tasks are listed newest first', async () => {
  const [first, second] = [
    await client.run({ image: fixture('box.png'), fields: { operation: 'invert' } }),
    await client.run({ image: fixture('box.png'), fields: { operation: 'sepia' } }),
  ];
  const { jobs } = await client.get('/api/jobs?limit=2');
  expect(jobs.map(({ id }: { id: string }) => id)).toEqual([second.jobId, first.jobId]);
  expect(jobs[0]).toMatchObject({ state: 'Completed', total: 1, finishedAt: expect.any(String) });
  const page = await client.get('/api/tasks?limit=1');
  const rest = await client.get(`/api/tasks?limit=1&continuation=${page.next}`);
  expect([page.tasks[0].id, rest.tasks[0].id]).toEqual([second.id, first.id]);
});

test('what is deleted is gone at once, and leaves nothing in the storage', async () => {
  const before = await contents(runner);
  const task = await client.run({ image: fixture('box.png'), fields: { operation: 'scharr' } });
  const { id } = await client.submit('/api/jobs', { images: ['mixed/a.png', 'mixed/b.jpg'], ...edges });
  await client.jobDone(id);
  for (const path of [`/api/tasks/${task.id}`, `/api/jobs/${id}`]) {
    expect((await client.send('DELETE', path)).status).toBe(204);
    expect((await client.fetch(path)).status).toBe(404);
  }
  expect((await client.fetch(`/api/tasks/${id}-1`)).status).toBe(404);
  expect((await client.fetch(task.result?.href ?? '')).status).toBe(404);
  const { jobs } = await client.get('/api/jobs?limit=100');
  expect(jobs.map(({ id }: { id: string }) => id)).not.toContain(id);
  const { rows, blobs } = await contents(runner);
  expect({ rows, blobs }).toEqual({ rows: before.rows, blobs: before.blobs });
});
