/** What the log tells: each step of each task, from the request to the result; and what it must never tell. */
import { enqueueTask } from '../../lib/storage/queues.ts';
import { openStorage } from '../../lib/storage/storage.ts';
import { Account } from '../harness/account.ts';
import { Client, type TaskJson } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Receiver } from '../harness/receiver.ts';
import { Runner } from '../harness/runner.ts';
import { StorageProxy } from '../harness/storage-proxy.ts';
import { until } from '../harness/until.ts';

describe('with the runner at work', () => {
  let runner: Runner;
  let client: Client;
  beforeAll(async () => {
    runner = await Runner.start({ env: { REASSIGN_SCHEDULE: '* * * * * *', CALLBACK_ALLOWED_HOSTS: '127.0.0.1' } });
    client = new Client(runner);
  });
  afterAll(() => runner.stop());

  /** The facts of an event of a task or job, once they are logged. */
  async function logged(event: string, of: Record<string, string>) {
    const isTheOne = (facts: Record<string, unknown>) =>
      Object.entries(of).every(([name, value]) => facts[name] === value);
    return until(() => runner.logged(event).find(isTheOne), { what: `${event} of ${JSON.stringify(of)} is logged` });
  }

  test('a job can be followed from its request to every result, by the id that its sender gave', async () => {
    const receiver = await Receiver.start();
    try {
      await client.upload({ 'told/a.png': fixture('box.png'), 'told/b.png': Buffer.from('no image') });
      const body = { prefix: 'told/', steps: [{ operation: 'grayscale' }, { operation: 'canny' }] };
      const sent = { ...body, callbackUrl: receiver.url };
      const response = await client.send('POST', '/api/jobs', sent, { 'X-Request-Id': 'order-17/3' });
      expect(response.headers.get('x-request-id')).toBe('order-17/3');
      const { id: job } = (await response.json()) as { id: string };
      expect(await client.jobDone(job)).toMatchObject({ requestId: 'order-17/3' });
      const facts = { job, request: 'order-17/3', operations: ['grayscale', 'canny'] };
      await receiver.until(1);
      expect(await logged('callback-delivered', { id: job })).toMatchObject({ request: 'order-17/3', attempt: 1 });
      expect(await logged('job-created', { job })).toMatchObject(facts);
      expect(await logged('job-finished', { job })).toMatchObject({ ...facts, counts: { Succeeded: 1, Failed: 1 } });
      for (const task of [`${job}-0`, `${job}-1`]) {
        const { instance } = await client.task(task);
        expect(await logged('task-queued', { task })).toMatchObject({ ...facts, attempt: 0 });
        const queuedMs = expect.any(Number);
        expect(await logged('task-started', { task })).toMatchObject({ ...facts, attempt: 1, instance, queuedMs });
      }
      const durations = { totalMs: expect.any(Number), attemptMs: expect.any(Number), queuedMs: expect.any(Number) };
      const parts = { decodeMs: expect.any(Number), processMs: expect.any(Number), encodeMs: expect.any(Number) };
      expect(await logged('task-succeeded', { job })).toMatchObject({ ...facts, attempt: 1, ...durations, ...parts });
      const error = { type: 'urn:tessera:problem:unsupported-image' };
      expect(await logged('task-failed', { job })).toMatchObject({ ...facts, attempt: 1, ...durations, error });
    } finally {
      receiver.stop();
    }
  });

  test('each change that its owner makes is logged with the task', async () => {
    const post = await client.post({ image: fixture('box.png'), fields: { operation: 'canny', cache: 'false' } });
    const { id: task, jobId: job, requestId } = (await post.json()) as TaskJson & { requestId: string };
    expect(requestId).toBe(post.headers.get('x-request-id'));
    await client.finished(task);
    await client.send('DELETE', `/api/tasks/${task}`, undefined, { 'X-Request-Id': 'tidying' });
    expect(await logged('job-deleted', { job })).toMatchObject({ request: requestId, operations: ['canny'] });
    expect(await logged('request', { request: 'tidying' })).toMatchObject({ call: 'deleteTask', status: 204 });
  });

  test('a name that cannot be written down as it is gives way to one of ours', async () => {
    for (const name of ['two words', 'x'.repeat(129), 'quote"']) {
      const response = await client.fetch('/api/health', { headers: { 'X-Request-Id': name } });
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('the backlog is noted again and again, and nobody is at work when all is done', async () => {
    await client.run({ image: fixture('box.png'), fields: { operation: 'canny', cache: 'false' } });
    const idle = () =>
      runner
        .logged('backlog')
        .find(({ queued, running, endedPerMinute }) => queued === 0 && running === 0 && endedPerMinute > 0);
    expect(await until(idle, { what: 'a backlog of nothing is logged' })).toMatchObject({
      oldestQueuedSeconds: null,
      poisoned: 0,
      instances: 1,
      secondsLeft: 0,
    });
  });
});

test('no secret reaches the log, also when the storage fails', async () => {
  const account = await Account.start();
  const proxy = await StorageProxy.start(account.connection);
  const refusing = await Receiver.start([{ status: 500 }]);
  const runner = await Runner.start({
    connection: proxy.connection,
    env: {
      AUTH_MODE: 'key',
      LOCAL_FUNCTION_KEYS: 'function-key-1',
      CALLBACK_ALLOWED_HOSTS: '127.0.0.1',
      CALLBACK_RETRY_SECONDS: '0',
    },
  });
  try {
    const client = new Client(runner, { 'x-functions-key': 'function-key-1' });
    const links: string[] = [];
    const callbackUrl = `${refusing.url}?token=callback-token-1`;
    await client.upload({ 'secret/a.png': fixture('box.png') });
    const task = await client.run({ image: fixture('box.png'), fields: { operation: 'canny', callbackUrl } });
    await client.run({ image: Buffer.from('no image'), fields: { operation: 'canny' } }).catch(() => undefined);
    const job = await client.submit('/api/jobs', { prefix: 'secret/', operation: 'canny' });
    await client.jobDone(job.id);
    for (const path of ['result', 'input'])
      links.push((await client.fetch(`/api/tasks/${task.id}/${path}`)).headers.get('location') ?? '');
    await client.fetch('/api/tasks?code=function-key-1&limit=none');
    await refusing.until(2);
    const { secret } = await client.get('/api/callback-secret');
    await client.send('POST', '/api/callback-secret/replace');

    proxy.treat = ({ service }) => (service === 'Queue' ? 'pass' : 'refuse');
    await enqueueTask(await openStorage(account.connection), { id: task.id, inJob: false });
    expect((await client.post({ image: fixture('box.png'), fields: { operation: 'canny' } })).status).toBe(503);
    await until(() => runner.logged('storage-unavailable').length > 0, { what: 'the storage is missed' });
    expect(runner.logged('request-failed')).not.toEqual([]);

    const output = runner.output.join('\n');
    const accountKey = /AccountKey=([^;]+)/.exec(account.connection)?.[1] as string;
    const signatures = links.map((link) => new URL(link).searchParams.get('sig') as string);
    const secrets = ['function-key-1', accountKey, 'callback-token-1', secret, ...signatures];
    expect(secrets.every((text) => text.length > 8)).toBe(true);
    for (const text of [...secrets, 'AccountKey', 'sig=', 'whsec_', 'SharedKey', ...signatures.map(encodeURIComponent)])
      expect(output).not.toContain(text);
  } finally {
    proxy.treat = () => 'pass';
    await runner.stop();
    refusing.stop();
    proxy.stop();
    await account.stop();
  }
});
