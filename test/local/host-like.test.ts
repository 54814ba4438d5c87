/** `--host-like`: what Azure does and the plain runner does not. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { Client, request, type TaskJson } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { printed, processes, processOf } from '../harness/host-like.ts';
import { Runner } from '../harness/runner.ts';
import { until } from '../harness/until.ts';

const post = async (client: Client, image: string, operation: string) =>
  (await (await client.post(request(image, operation))).json()) as TaskJson;

describe('a runner like the host', () => {
  let runner: Runner;
  let client: Client;
  beforeAll(async () => {
    runner = await Runner.start({ args: ['--host-like', '--only', 'http,control,process'] });
    client = new Client(runner);
  });
  afterAll(() => runner.stop());

  test('serves HTTP together, and each other function by a process of its own', () => {
    const groups = processes(runner);
    const others = ['process-task', 'run-job-command', 'deliver-callback', 'reassign-tasks', 'clean-up'];
    expect([...groups.keys()]).toEqual(expect.arrayContaining(['http', ...others.map((name) => `function:${name}`)]));
    expect(new Set(groups.values()).size).toBe(groups.size);
  });

  // Only Linux tells what a process began with.
  (process.platform === 'linux' ? test : test.skip)('gives a process its settings only after it has begun', () => {
    const began = readFileSync(`/proc/${processOf(runner, 'http')}/environ`, 'utf8');
    expect(began).toContain('PATH=');
    expect(began).not.toMatch(/AzureWebJobs|AUTH_MODE/);
  });

  test('works on tasks, and tells by which instance', async () => {
    const { id } = await post(client, 'coins.png', 'watershed');
    expect(await client.finished(id)).toMatchObject({
      state: 'Succeeded',
      instance: expect.stringMatching(/^function-process-task-.*-[0-9a-f]{8}$/),
    });
  });

  test('has the page at another origin, which may call the API and must ask each time', async () => {
    const [, page = ''] = /The page is at (\S+)/.exec(await printed(runner, /The page is at/)) ?? [];
    expect(new URL(page).origin).not.toBe(new URL(runner.url).origin);
    expect(await (await fetch(`${page}/config.json`)).json()).toEqual({ api: runner.url });
    expect(await (await fetch(page)).text()).toContain('Tessera');
    const { status, headers } = await fetch(`${runner.url}/api/tasks`, {
      method: 'OPTIONS',
      headers: { Origin: page, 'Access-Control-Request-Method': 'POST' },
    });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, page]);
    expect(headers.get('access-control-max-age')).toBeNull();
  });

  test('takes an instance away by SIGTERM: its task goes to another at once, and no attempt is counted', async () => {
    const large = await sharp(fixture('graf1.png')).resize(1200).png().toBuffer();
    const fields = { operation: 'face-detection', minSize: '40' };
    const { id } = (await (await client.post({ image: Buffer.from(large), fields })).json()) as TaskJson;
    await until(async () => (await client.task(id)).state === 'Running', { what: 'the task runs' });
    process.kill(processOf(runner, 'function:process-task'), 'SIGTERM');
    await until(() => runner.logged('task-released').some(({ task }) => task === id), { what: 'it is released' });
    await printed(runner, /function:process-task: process \d+ has ended \(143\)/);
    expect(await client.finished(id)).toMatchObject({ state: 'Succeeded', attempts: 1 });
    expect(runner.logged('task-reassigned')).toEqual([]);
  });

  test('replaces a process that is killed, and goes on', async () => {
    const killed = processOf(runner, 'http');
    process.kill(killed, 'SIGKILL');
    await printed(runner, new RegExp(`http: process ${killed} has ended \\(SIGKILL\\)`));
    const isBack = async () => (await fetch(`${runner.url}/api/health`).catch(() => undefined))?.ok;
    await until(isBack, { what: 'the API answers again' });
    expect(processOf(runner, 'http')).not.toBe(killed);
  });
});

test('an invocation that takes longer than functionTimeout ends its process', async () => {
  const env = { AzureFunctionsJobHost__functionTimeout: '00:00:01' };
  const runner = await Runner.start({ args: ['--host-like', '--only', 'http'], env });
  try {
    const client = new Client(runner);
    const { id } = await post(client, 'coins.png', 'canny');
    // No instance: the answer would come after 20 s.
    await expect(fetch(`${runner.url}/api/tasks/${id}?wait=20`)).rejects.toThrow();
    await printed(runner, /get-task took longer than functionTimeout/);
    await printed(runner, /http: process \d+ has ended/);
  } finally {
    await runner.stop();
  }
});

test('--stop-by kill ends everything at once, whatever runs', async () => {
  const runner = await Runner.start({ args: ['--host-like', '--only', 'http', '--stop-by', 'kill'] });
  const client = new Client(runner);
  const { id } = await post(client, 'coins.png', 'canny');
  const waiting = expect(fetch(`${runner.url}/api/tasks/${id}?wait=20`)).rejects.toThrow();
  await client.get('/api/health');
  expect(await runner.stop()).toBe(0);
  await waiting;
});

test('--stop-by drain lets what runs finish', async () => {
  const runner = await Runner.start({ args: ['--host-like', '--only', 'http', '--stop-by', 'drain'] });
  const client = new Client(runner);
  const { id } = await post(client, 'coins.png', 'canny');
  const waiting = client.task(id, 3);
  await client.get('/api/health');
  expect(await runner.stop()).toBe(0);
  expect(await waiting).toMatchObject({ id, state: 'Queued' });
});
