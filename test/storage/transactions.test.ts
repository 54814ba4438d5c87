/** What a task costs: requests to the storage, counted between Tessera and its account. */
import { entitiesPerTask, requestsPerTask } from '../../lib/estimate/platform.ts';
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { StorageProxy, type StorageRequest } from '../harness/storage-proxy.ts';
import { until } from '../harness/until.ts';

let status: Runner;
let proxy: StorageProxy;
let runner: Runner;
let client: Client;
/** Reads without being counted. */
let reader: Client;
beforeAll(async () => {
  status = await Runner.start({ args: ['--only', 'http'] });
  proxy = await StorageProxy.start(status.storage);
  const env = {
    AzureWebJobsStorage: proxy.connection,
    REASSIGN_SCHEDULE: '0 0 0 1 1 *',
    CLEAN_UP_SCHEDULE: '0 0 0 1 1 *',
    HISTORY_SECONDS: '3600',
  };
  runner = await Runner.start({ args: ['--only', 'http,control,process', '--no-storage'], env });
  [client, reader] = [new Client(runner), new Client(status)];
  // The first task opens the account and loads OpenCV.
  await reader.finished(await submit());
});
afterAll(async () => {
  await runner.stop();
  proxy.stop();
  await status.stop();
});

let blur = 0;

/** A task that no task before has done. */
async function submit(): Promise<string> {
  const params = { blur: ++blur / 100 };
  const response = await client.post({ image: fixture('box.png'), fields: { operation: 'canny', params } });
  return ((await response.json()) as { id: string }).id;
}

/** What was asked of the storage, without the polls of empty queues. */
function asked(): StorageRequest[] {
  return proxy.requests.filter((request) => !isEmptyPoll(request));
}

function isEmptyPoll({ service, method, path, messages }: StorageRequest): boolean {
  return service === 'Queue' && method === 'GET' && path.includes('/messages') && messages === 0;
}

function isHeartbeat({ service, path }: StorageRequest): boolean {
  return service === 'Table' && path.includes('instances');
}

/** Waits until the messages of all that was done are deleted. */
async function settled(deletions: number): Promise<StorageRequest[]> {
  const areDone = () => {
    const requests = asked();
    const done = requests.filter(
      ({ service, method, status }) => service === 'Queue' && method === 'DELETE' && status !== null,
    );
    return done.length >= deletions && requests;
  };
  return until(areDone, { what: `${deletions} messages are deleted` });
}

test('a lone task: 11, and the sign of life of an instance that was idle', async () => {
  await settled(1);
  proxy.requests.length = 0;
  await reader.finished(await submit());
  const requests = await settled(1);
  expect(requests.filter((request) => !isHeartbeat(request)).length).toBeLessThanOrEqual(11);
  // One as it is taken; and two seconds after the task before, one that there is no more.
  expect(requests.filter(isHeartbeat).length).toBeLessThanOrEqual(2);
});

test('each thing made for browsers to show: one more', async () => {
  proxy.requests.length = 0;
  const image = fixture('multipage.tif');
  const output = { format: 'tiff' };
  const response = await client.post({ image, name: 'a.tif', fields: { operation: 'invert', output } });
  await reader.finished(((await response.json()) as { id: string }).id);
  const requests = await settled(1);
  const isRendition = ({ method, path }: StorageRequest) =>
    method === 'PUT' && /\/(input-)?(rendition|thumbnail)/.test(path);
  expect(requests.filter(isRendition)).toHaveLength(3);
  expect(requests.filter((request) => !isHeartbeat(request) && !isRendition(request)).length).toBeLessThanOrEqual(11);
});

test('of a backlog: 11 each, everything included', async () => {
  proxy.requests.length = 0;
  const ids = await Promise.all(Array.from({ length: 40 }, submit));
  await Promise.all(ids.map((id) => reader.finished(id)));
  const requests = await settled(ids.length);
  expect(requests.length / ids.length).toBeLessThanOrEqual(11);
});

test('in a job: 8 each, everything included', async () => {
  await client.upload({ 'cost.png': fixture('box.png') });
  proxy.requests.length = 0;
  const images = Array(200).fill('cost.png');
  const { id } = await client.submit('/api/jobs', { images, operation: 'canny', params: { blur: 1.5 } });
  await reader.jobDone(id);
  const requests = await settled(images.length);
  expect(requests.length / images.length).toBeLessThanOrEqual(8);
  const entities = requests.filter(({ service }) => service === 'Table').reduce((sum, one) => sum + entitiesOf(one), 0);
  expect(entities / images.length).toBeLessThanOrEqual(entitiesPerTask);
  // What estimates are made with.
  const perTask = (service: string, isRead: (method: string) => boolean = () => true) =>
    requests.filter((request) => request.service === service && isRead(request.method)).length / images.length;
  expect({
    blobReads: perTask('Blob', (method) => method === 'GET'),
    blobWrites: perTask('Blob', (method) => method === 'PUT'),
    rows: perTask('Table'),
  }).toEqual({
    blobReads: expect.closeTo(requestsPerTask.blobReads, 0),
    blobWrites: expect.closeTo(requestsPerTask.blobWrites, 0),
    rows: expect.closeTo(requestsPerTask.rows, 0),
  });
  // A message is sent and deleted; how many are received at once depends on how many wait.
  expect(perTask('Queue')).toBeGreaterThanOrEqual(2);
  expect(perTask('Queue')).toBeLessThanOrEqual(requestsPerTask.messages + 0.5);
});

/** How many rows of tasks and jobs a request reads or writes: a partition takes 2,000 a second. */
function entitiesOf({ path, body }: StorageRequest): number {
  if (path.includes('$batch')) return body.match(/^(?:POST|PUT|MERGE|DELETE|PATCH) \S*\/tasks/gm)?.length ?? 0;
  return path.startsWith('/tasks') ? 1 : 0;
}

test('reading a job costs one query, whether it has 10 tasks or 300', async () => {
  const costs: number[] = [];
  const own = await StorageProxy.start(status.storage);
  const env = { AzureWebJobsStorage: own.connection };
  const counted = await Runner.start({ args: ['--only', 'http', '--no-storage'], env });
  try {
    const watcher = new Client(counted);
    await watcher.get('/api/jobs');
    for (const count of [10, 300]) {
      const images = Array.from({ length: count }, (_, i) => `none/${i}.png`);
      const { id } = await client.submit('/api/jobs', { images, operation: 'canny' });
      await reader.jobDone(id);
      own.requests.length = 0;
      expect(await watcher.get(`/api/jobs/${id}`)).toMatchObject({ total: count, counts: { failed: count } });
      costs.push(own.requests.length);
    }
    expect(costs).toEqual([1, 1]);
  } finally {
    await counted.stop();
    own.stop();
  }
});
