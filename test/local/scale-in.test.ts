/** The platform takes an instance away at the worst moments of its work: each task ends once all the same, at its first attempt. */

import { poisonQueueName } from '../../lib/storage/storage.ts';
import { Client, request, type TaskJson } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { printed, processOf } from '../harness/host-like.ts';
import { Runner } from '../harness/runner.ts';
import { StorageProxy, type StorageRequest, type Treatment } from '../harness/storage-proxy.ts';
import { useAccount } from '../harness/use.ts';

const account = useAccount();
let runner: Runner;
let client: Client;
let proxy: StorageProxy;
beforeAll(async () => {
  proxy = await StorageProxy.start(account.connection);
  runner = await Runner.start({
    args: ['--host-like', '--only', 'http,control,process'],
    connection: proxy.connection,
    env: { INSTANCE_SILENT_SECONDS: '4', REASSIGN_SCHEDULE: '* * * * * *' },
  });
  client = new Client(runner);
});
afterAll(async () => {
  await runner.stop();
  proxy.stop();
});

const works = 'function:process-task';
const commands = 'function:run-job-command';

type Point = (request: StorageRequest) => boolean;
const download: Point = ({ service, method, path }) =>
  service === 'Blob' && method === 'GET' && path.startsWith('/inputs/');
const upload: Point = ({ service, method, path }) =>
  service === 'Blob' && method === 'PUT' && path.startsWith('/results/');
const commit: Point = ({ service, body }) => service === 'Table' && body.includes('"state":"Succeeded"');
const making: Point = ({ service, body }) =>
  service === 'Table' && body.includes('task-000090') && !/"state":"[^Q]/.test(body);

/** Lets the work come to a point, and takes the instance away there. */
async function takeAwayAt(point: Point, group: string, signal: NodeJS.Signals, release: Treatment): Promise<void> {
  const hold = proxy.holdNext(point);
  await hold.arrived;
  const pid = processOf(runner, group);
  process.kill(pid, signal);
  // What is on its way may arrive, or be cut off with the instance.
  if (release !== 'refuse') hold.release(release);
  await printed(runner, new RegExp(`${group}: process ${pid} has ended`));
  hold.release(release);
}

async function submit(): Promise<string> {
  const asked = request('coins.png', 'canny');
  const response = await client.post({ ...asked, fields: { ...asked.fields, cache: 'false' } });
  return ((await response.json()) as TaskJson).id;
}

async function expectOneEnd(id: string): Promise<void> {
  expect(await client.finished(id)).toMatchObject({ state: 'Succeeded', attempts: 1, error: null });
  const { counts } = await client.get(`/api/jobs/${id.split('-')[0]}`);
  expect(counts).toEqual({ queued: 0, running: 0, succeeded: 1, failed: 0, canceled: 0 });
  // An instance that dies in that moment says nothing of it.
  expect(runner.logged('task-succeeded').filter(({ task }) => task === id).length).toBeLessThan(2);
}

afterEach(async () => {
  const { taskQueue, jobTaskQueue, commandQueue } = account.storage;
  for (const { name } of [taskQueue, jobTaskQueue, commandQueue])
    expect(runner.output.filter((line) => line.includes(poisonQueueName(name)))).toEqual([]);
  expect(runner.logged('task-failed')).toEqual([]);
});

test.each([
  ['while it downloads the image', download, 'refuse'],
  ['while it uploads the result', upload, 'refuse'],
  ['while the end is committed, which takes effect', commit, 'pass'],
  ['while the end is committed, whose answer is lost', commit, 'lose'],
] as const)('SIGTERM %s', async (_, point, release) => {
  const taken = takeAwayAt(point, works, 'SIGTERM', release);
  const id = await submit();
  await taken;
  await expectOneEnd(id);
  expect(runner.logged('task-reassigned')).toEqual([]);
});

test('SIGTERM five times in a row with the same task', async () => {
  const id = await submit();
  for (let i = 0; i < 5; i++) await takeAwayAt(upload, works, 'SIGTERM', 'refuse');
  await expectOneEnd(id);
  expect(runner.logged('task-released').filter(({ task }) => task === id)).toHaveLength(5);
});

test.each([
  ['while it uploads the result', upload, 'refuse'],
  ['while the end is committed, which takes effect', commit, 'lose'],
] as const)('killed %s', async (_, point, release) => {
  const taken = takeAwayAt(point, works, 'SIGKILL', release);
  const id = await submit();
  await taken;
  await expectOneEnd(id);
});

test('SIGTERM while the tasks of a job are made', async () => {
  await client.upload({ 'scale-in.png': fixture('qr.png') });
  const taken = takeAwayAt(making, commands, 'SIGTERM', 'refuse');
  const images = Array(95).fill('scale-in.png');
  const { id } = await client.submit('/api/jobs', { images, operation: 'invert' });
  await taken;
  const none = { queued: 0, running: 0, failed: 0, canceled: 0 };
  expect(await client.jobDone(id)).toMatchObject({
    state: 'Completed',
    counts: { ...none, succeeded: images.length },
  });
  const ended = runner.logged('task-succeeded').filter(({ job }) => job === id);
  expect(new Set(ended.map(({ task }) => task)).size).toBe(ended.length);
});
