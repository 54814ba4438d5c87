/** The runner as whoever starts it sees it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { Client, request, type TaskJson } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { freePorts, Runner } from '../harness/runner.ts';
import { until } from '../harness/until.ts';

async function occupied<T>(use: (port: number) => Promise<T>): Promise<T> {
  const port = await freePorts(1);
  const server: Server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(port);
  } finally {
    server.close();
  }
}

test.each(['--port', '--storage-port'])('a port in use for %s is said plainly', async (option) => {
  await occupied((port) =>
    expect(Runner.start({ args: [option, String(port), '--in-memory'] })).rejects.toThrow(`Port ${port} is in use.`),
  );
});

test('joining a storage that is not there is said plainly', async () => {
  const port = await freePorts(1);
  await expect(Runner.start({ args: ['--join', String(port)] })).rejects.toThrow(`Nothing answers at port ${port}`);
});

test('SIGTERM lets the running task of a runner that joined finish, and what is in line stays', async () => {
  const storagePort = String(await freePorts(3));
  const uploads = await Runner.start({
    args: ['--only', 'http', '--storage-port', storagePort, '--in-memory'],
  });
  const client = new Client(uploads);
  const instance = await Runner.start({ args: ['--only', 'control,process', '--join', storagePort] });
  try {
    const { id } = (await (await client.post(request('graf1.png', 'face-detection'))).json()) as TaskJson;
    await until(() => instance.logged('task-started').length > 0, { what: 'the instance has begun' });
    expect(await instance.stop()).toBe(0);
    expect(await client.task(id)).toMatchObject({ state: 'Succeeded', attempts: 1 });
    const later = (await (await client.post(request('coins.png', 'canny'))).json()) as TaskJson;
    expect(await client.task(later.id)).toMatchObject({ state: 'Queued' });
  } finally {
    await instance.stop();
    expect(await uploads.stop()).toBe(0);
  }
});

test('SIGTERM answers who is waiting for an answer, and keeps no connection for more', async () => {
  // No instance: the task is waited for in vain.
  const runner = await Runner.start({ args: ['--only', 'http', '--grace', '30'] });
  const client = new Client(runner);
  const { id } = (await (await client.post(request('coins.png', 'canny'))).json()) as TaskJson;
  const waiting = client.task(id, 2);
  await client.get('/api/health');
  expect(await runner.stop()).toBe(0);
  expect(await waiting).toMatchObject({ id, state: 'Queued' });
  expect(runner.output.filter((line) => line.includes('Not all has finished'))).toEqual([]);
});

describe('with keys', () => {
  let runner: Runner;
  let client: Client;
  beforeAll(async () => {
    runner = await Runner.start({ env: { AUTH_MODE: 'key', LOCAL_FUNCTION_KEYS: 'open-sesame' } });
    client = new Client(runner);
  });
  afterAll(() => runner.stop());

  const post = (path: string, headers: Record<string, string> = {}) => {
    const body = fixture('coins.png');
    return client.fetch(path, { method: 'POST', body, headers: { 'Content-Type': 'image/png', ...headers } });
  };

  test('nobody gets in without the key', async () => {
    expect((await client.post(request('coins.png', 'canny'))).status).toBe(401);
    expect((await post('/api/tasks?operation=canny', { 'x-functions-key': 'open-sesam!' })).status).toBe(401);
    expect((await client.fetch('/api/tasks/x?code=')).status).toBe(401);
  });

  test('the key opens as a header and in the query, and is no parameter', async () => {
    expect((await post('/api/tasks?operation=canny', { 'x-functions-key': 'open-sesame' })).status).toBe(202);
    expect((await post('/api/tasks?operation=canny&code=open-sesame')).status).toBe(202);
  });

  test('health and operations need none', async () => {
    expect((await client.fetch('/api/health')).status).toBe(200);
    expect((await client.fetch('/api/operations')).status).toBe(200);
  });
});

test('unknown paths and methods are told in words, and the page is served', async () => {
  const runner = await Runner.start({ args: ['--only', 'http'] });
  try {
    const client = new Client(runner);
    expect((await client.fetch('/api/nothing')).status).toBe(404);
    const refused = await client.fetch('/api/health', { method: 'DELETE' });
    expect(refused.status).toBe(405);
    expect(refused.headers.get('allow')).toBe('GET');
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    const preset = await client.fetch('/api/presets/tiny', { method: 'PATCH' });
    expect([preset.status, preset.headers.get('allow')]).toEqual([405, expect.stringContaining('DELETE')]);
    const page = await client.fetch('/');
    expect(page.headers.get('content-type')).toMatch('text/html');
    expect(await page.text()).toMatch('Tessera');
  } finally {
    await runner.stop();
  }
});

test('a body over 100 MB is refused before any function sees it', async () => {
  const runner = await Runner.start({ args: ['--only', 'http'] });
  try {
    const client = new Client(runner);
    const headers = { 'Content-Type': 'image/png' };
    const whole = await client.fetch('/api/tasks?operation=canny', {
      method: 'POST',
      headers,
      body: Buffer.alloc(101 * 2 ** 20),
    });
    expect(whole.status).toBe(413);
  } finally {
    await runner.stop();
  }
});
