/** A caller sees only what is theirs, and has limits. */
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { settledContents } from '../harness/storage.ts';
import { until } from '../harness/until.ts';

/** As the platform writes it once it has authenticated a user. */
function principal(user: string): Record<string, string> {
  const claims = [
    { typ: 'http://schemas.microsoft.com/identity/claims/tenantid', val: 'contoso' },
    { typ: 'http://schemas.microsoft.com/identity/claims/objectidentifier', val: user },
  ];
  return { 'x-ms-client-principal': Buffer.from(JSON.stringify({ claims })).toString('base64') };
}

const modes = {
  key: {
    env: { AUTH_MODE: 'key', LOCAL_FUNCTION_KEYS: 'alice-key,bob-key' },
    headers: (user: string): Record<string, string> => ({ 'x-functions-key': `${user}-key` }),
  },
  entra: { env: { AUTH_MODE: 'entra', WEBSITE_AUTH_ENABLED: 'True' }, headers: principal },
};

describe.each(Object.entries(modes))('with AUTH_MODE=%s', (mode, { env, headers }) => {
  let runner: Runner;
  let alice: Client;
  let bob: Client;
  beforeAll(async () => {
    runner = await Runner.start({ env });
    [alice, bob] = [new Client(runner, headers('alice')), new Client(runner, headers('bob'))];
  });
  afterAll(() => runner.stop());

  test('another’s tasks and jobs are not there', async () => {
    const task = await alice.run({ image: fixture('box.png'), fields: { operation: 'invert' } });
    await alice.upload({ 'mine.png': fixture('box.png') });
    const job = await alice.submit('/api/jobs', { images: ['mine.png'], operation: 'invert' });
    await alice.jobDone(job.id);
    const paths: [string, string][] = [
      ...['', '/result', '/input'].map((path): [string, string] => ['GET', `/api/tasks/${task.id}${path}`]),
      ...['', '/tasks', '/results'].map((path): [string, string] => ['GET', `/api/jobs/${job.id}${path}`]),
      ...['cancel', 'retry'].map((verb): [string, string] => ['POST', `/api/tasks/${task.id}/${verb}`]),
      ...['cancel', 'retry'].map((verb): [string, string] => ['POST', `/api/jobs/${job.id}/${verb}`]),
      ['DELETE', `/api/tasks/${task.id}`],
      ['DELETE', `/api/jobs/${job.id}`],
    ];
    for (const [method, path] of paths)
      expect([method, path, (await bob.send(method, path)).status]).toEqual([method, path, 404]);
    for (const path of ['/api/tasks', '/api/jobs', '/api/uploads']) {
      const { next: _, ...list } = await bob.get(path);
      expect(Object.values(list)).toEqual([[]]);
      expect(Object.values(await alice.get(path)).flat().length).toBeGreaterThan(0);
    }
    expect((await alice.send('DELETE', `/api/tasks/${task.id}`)).status).toBe(204);
  });

  test('another’s uploads cannot be named, whatever the path', async () => {
    await alice.upload({ 'secret.png': fixture('box.png') });
    const before = await settledContents(runner);
    expect((await bob.send('POST', '/api/tasks', { image: 'secret.png', operation: 'invert' })).status).toBe(404);
    for (const image of ['../secret.png', '/secret.png', 'x/../../secret.png', '..', 'a//b.png', '.\\secret.png'])
      expect((await bob.send('POST', '/api/tasks', { image, operation: 'invert' })).status).toBe(400);
    expect(await settledContents(runner)).toEqual(before);
  });

  test('nor is another’s work taken for one’s own', async () => {
    const wanted = { image: fixture('coins.png'), fields: { operation: 'sepia' } };
    await alice.run(wanted);
    expect(await alice.run(wanted)).toMatchObject({ cached: true });
    expect(await bob.run(wanted)).toMatchObject({ cached: false });
  });

  test('a page token of another gives nothing of theirs', async () => {
    for (const operation of ['invert', 'sepia']) await alice.run({ image: fixture('box.png'), fields: { operation } });
    const { next } = await alice.get('/api/tasks?limit=1');
    expect(
      (await bob.get(`/api/tasks?continuation=${next}`)).tasks.every(
        ({ owner }: { owner?: string }) => owner === undefined,
      ),
    ).toBe(true);
    const mine = await alice.get('/api/tasks?limit=100');
    const ids = new Set(mine.tasks.map(({ id }: { id: string }) => id));
    const seen = (await bob.get(`/api/tasks?limit=100&continuation=${next}`)).tasks;
    expect(seen.filter(({ id }: { id: string }) => ids.has(id))).toEqual([]);
  });

  test('with urls=1 a task comes with links to its images that need no key, and are good for nothing else', async () => {
    const { id, jobId } = await alice.run({ image: fixture('box.png'), fields: { operation: 'invert' } });
    const { urls } = await alice.get(`/api/tasks/${id}?urls=1`);
    expect(Date.parse(urls.expiresAt)).toBeGreaterThan(Date.now());
    expect(Buffer.from(await (await fetch(urls.input)).arrayBuffer())).toEqual(fixture('box.png'));
    expect((await fetch(urls.result)).headers.get('content-type')).toBe('image/png');
    expect((await fetch(urls.result, { method: 'DELETE' })).status).toBe(403);
    const { tasks } = await alice.get(`/api/jobs/${jobId}/tasks?urls=1`);
    expect(tasks[0].urls).toMatchObject({ reference: null, input: expect.stringContaining('http') });
    expect(await alice.get(`/api/tasks/${id}`)).not.toHaveProperty('urls');
  });

  test('each has a secret of their own', async () => {
    const [hers, his] = [await alice.get('/api/callback-secret'), await bob.get('/api/callback-secret')];
    expect(hers.secret).not.toBe(his.secret);
    expect(await alice.get('/api/callback-secret')).toEqual(hers);
  });

  test('nobody else gets in', async () => {
    const stranger = new Client(runner);
    for (const path of ['/api/tasks', '/api/jobs', '/api/callback-secret', '/api/uploads'])
      expect((await stranger.fetch(path)).status).toBe(401);
    expect((await stranger.fetch('/api/operations')).status).toBe(200);
    expect(mode).toBeTruthy();
  });

  test('that an instance works on another’s tasks is seen, but not on what', async () => {
    await alice.upload({ 'busy.png': fixture('coins.png') });
    const job = await alice.submit('/api/jobs', { images: Array(200).fill('busy.png'), operation: 'watershed' });
    type Instances = { instances: { running: number; tasks: object[] }[] };
    const atWork = async (caller: Client) => ((await caller.get('/api/instances')) as Instances).instances;
    const hers = async () => {
      const [seen, others] = await Promise.all([atWork(alice), atWork(bob)]);
      expect(others.flatMap(({ tasks }) => tasks)).toEqual([]);
      const own = seen.flatMap(({ tasks }) => tasks);
      return own.length > 0 && own;
    };
    const own = await until(hers, { what: 'an instance is at work on her tasks' });
    expect(own[0]).toMatchObject({ jobId: job.id, name: 'busy.png', operations: ['watershed'] });
    await alice.send('POST', `/api/jobs/${job.id}/cancel`);
    await alice.jobDone(job.id);
  });
});

test('the platform’s header is not trusted where the platform does not authenticate', async () => {
  await expect(Runner.start({ env: { AUTH_MODE: 'entra' } })).rejects.toThrow('WEBSITE_AUTH_ENABLED');
});

describe('limits', () => {
  test('too many requests are refused for a while, and say how long', async () => {
    const runner = await Runner.start({ args: ['--only', 'http'], env: { REQUESTS_PER_MINUTE: '3' } });
    try {
      const client = new Client(runner);
      for (let i = 0; i < 3; i++) expect((await client.fetch('/api/jobs')).status).toBe(200);
      const refused = await client.fetch('/api/jobs');
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
      expect(await refused.json()).toMatchObject({ type: 'urn:tessera:problem:rate-limited', limit: 3 });
      // What asks for no key counts for nobody; and whoever names another address is counted by the real one.
      expect((await client.fetch('/api/health')).status).toBe(200);
      expect((await client.fetch('/api/jobs', { headers: { 'x-forwarded-for': '203.0.113.7' } })).status).toBe(429);
    } finally {
      await runner.stop();
    }
  });

  test('so are too many bytes, sent or announced, and too many open tasks', async () => {
    const env = { UPLOAD_MEGABYTES_PER_MINUTE: '100', OPEN_TASKS_PER_CALLER: '3' };
    const runner = await Runner.start({ args: ['--only', 'http'], env });
    try {
      const client = new Client(runner);
      const images = ['a.png', 'b.png'];
      const job = await client.submit('/api/jobs', { images, operation: 'invert' });
      const refused = await client.send('POST', '/api/jobs', { images, operation: 'invert' });
      expect(await refused.json()).toMatchObject({
        status: 429,
        type: 'urn:tessera:problem:too-many-open-tasks',
        limit: 3,
      });
      expect((await client.send('DELETE', `/api/jobs/${job.id}`)).status).toBe(204);
      await client.submit('/api/jobs', { images, operation: 'invert' });
      const file = (name: string) => ({ name, contentType: 'image/png', bytes: 60 * 2 ** 20 });
      expect((await client.send('POST', '/api/uploads', { files: [file('a.png')] })).status).toBe(201);
      expect((await client.send('POST', '/api/uploads', { files: [file('b.png')] })).status).toBe(429);
    } finally {
      await runner.stop();
    }
  });
});
