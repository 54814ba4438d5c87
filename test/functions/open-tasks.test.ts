/** A caller has so many open tasks at most, whichever way they come to be. */
import { OpenTaskQuota } from '../../lib/tasks/open-task-quota.ts';
import { type Api, startApi } from '../harness/api.ts';
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { expandJob } from '../harness/job-commands.ts';
import { submitWithoutImage } from '../harness/submission.ts';
import { until } from '../harness/until.ts';
import { useAccount } from '../harness/use.ts';

const account = useAccount();
let api: Api;
let client: Client;
beforeEach(async () => {
  api = await startApi(account.connection, { OPEN_TASKS_PER_CALLER: '2' });
  client = new Client(api);
});
afterEach(() => api.stop());

async function answer(response: Promise<Response>): Promise<[number, string | undefined]> {
  const { status, type } = (await (await response).json()) as { status?: number; type?: string };
  return [status ?? 202, type?.split(':').at(-1)];
}

const job = (images: string[]) => answer(client.send('POST', '/api/jobs', { images, operation: 'invert' }));
const refused = [429, 'too-many-open-tasks'];

test('retrying a task or a job takes room, too', async () => {
  const store = account.storage.tasks;
  const failed = await store.apply(await submitWithoutImage(account.storage), 'fail', { finishedAt: new Date() });
  const { id } = await client.submit('/api/jobs', { images: ['a.png', 'b.png'], operation: 'invert' });
  await expandJob(account.storage, id);
  expect(await answer(client.send('POST', `/api/tasks/${failed.id}/retry`))).toEqual(refused);
  for await (const task of store.list({ id, total: 2 }, { limit: 2 }))
    await store.apply(task, 'fail', { finishedAt: new Date() });
  // The service looks for room once in a second.
  const retried = async () => (await answer(client.send('POST', `/api/tasks/${failed.id}/retry`)))[0] === 202;
  await until(retried, { what: 'there is room' });
  expect(await answer(client.send('POST', `/api/jobs/${id}/retry`))).toEqual(refused);
});

test('a task that is done at once takes none', async () => {
  const post = () => client.post({ image: fixture('box.png'), fields: { operation: 'invert' } });
  const { id } = (await (await post()).json()) as { id: string };
  const store = account.storage.tasks;
  const task = await store.get(id);
  await account.storage.results.putText(`${id.replace('-', '/')}/result`, 'x');
  const result = {
    blob: `${id.replace('-', '/')}/result`,
    contentType: 'image/png',
    bytes: 1,
    width: 1,
    height: 1,
  };
  if (!task) throw new Error('The task is gone.');
  const running = await store.apply(task, 'start', { attempts: 1, instance: 'w' });
  await store.apply(running, 'succeed', { result, measurements: [], finishedAt: new Date() });
  for (let i = 0; i < 3; i++) expect((await post()).status).toBe(200);
  expect(await job(['a.png', 'b.png'])).toEqual([202, undefined]);
});

test('what its owner deletes or cancels makes room at once', async () => {
  const { id } = await client.submit('/api/jobs', { images: ['a.png', 'b.png'], operation: 'invert' });
  expect(await job(['a.png'])).toEqual(refused);
  expect((await client.send('DELETE', `/api/jobs/${id}`)).status).toBe(204);
  const post = () => client.post({ image: fixture('box.png'), fields: { operation: 'sepia' } });
  const { id: taskId } = (await (await post()).json()) as { id: string };
  expect(await job(['a.png', 'b.png'])).toEqual(refused);
  expect((await client.send('POST', `/api/tasks/${taskId}/cancel`)).status).toBe(200);
  expect(await job(['a.png', 'b.png'])).toEqual([202, undefined]);
});

test('a job of more images than may ever be open is too large', async () => {
  expect(await job(['a.png', 'b.png', 'c.png'])).toEqual([422, 'too-many-images']);
});

test('images under a prefix count when they are found: a job of too many ends with the reason', async () => {
  const openTasks = new OpenTaskQuota(3);
  const admitImages = ({ owner, id: jobId }: { owner: string; id: string }, tasks: number) =>
    openTasks.admit(account.storage, { owner, jobId, tasks });
  for (const name of ['0.png', '1.png']) await account.storage.inputs.putText(`uploads/anonymous/two/${name}`, 'x');
  const submit = () => client.submit('/api/jobs', { prefix: 'two/', operation: 'invert' });
  const states = [];
  for (const { id } of [await submit(), await submit()]) {
    await expandJob(account.storage, id, { admitImages });
    const { state, error, total } = await client.get(`/api/jobs/${id}`);
    states.push([state, total, error?.type]);
  }
  expect(states).toEqual([
    ['Queued', 2, undefined],
    ['Failed', null, 'urn:tessera:problem:too-many-open-tasks'],
  ]);
});
