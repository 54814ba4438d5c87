/** Whoever wants to know of an end is told: signed, repeatedly if need be, and never at a private address unless allowed. */
import { Webhook } from 'standardwebhooks';
import { openStorage } from '../../lib/storage/storage.ts';
import { Client, request, type TaskJson } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Receiver } from '../harness/receiver.ts';
import { Runner } from '../harness/runner.ts';
import { until } from '../harness/until.ts';

let runner: Runner;
let client: Client;
beforeAll(async () => {
  runner = await Runner.start({
    env: {
      CALLBACK_ALLOWED_HOSTS: '127.0.0.1,localhost',
      // The first at once; the others when the timer finds them due.
      CALLBACK_RETRY_SECONDS: '0,1,1',
      REASSIGN_SCHEDULE: '* * * * * *',
    },
  });
  client = new Client(runner);
});
afterAll(() => runner.stop());

async function submit(callbackUrl: string, operation = 'invert'): Promise<TaskJson> {
  const response = await client.post({ image: fixture('box.png'), fields: { operation, callbackUrl, cache: false } });
  expect(response.status).toBe(202);
  return (await response.json()) as TaskJson;
}

/** The task, once its callback is settled one way or the other. */
async function settled(id: string): Promise<TaskJson> {
  const isSettled = async () => {
    const task = await client.finished(id);
    const { deliveredAt, attempts = 0, error } = task.callback ?? {};
    return (deliveredAt || attempts >= 4 || error) && task;
  };
  return until(isSettled, { what: `the callback of ${id} is settled` });
}

test('a task’s end is told with a signature that the library of Standard Webhooks accepts', async () => {
  const receiver = await Receiver.start();
  try {
    const { id } = await submit(receiver.url);
    const [{ headers, body }] = await receiver.until(1);
    const { secret } = await client.get('/api/callback-secret');
    const message = new Webhook(secret).verify(body, headers as Record<string, string>) as {
      type: string;
      data: TaskJson;
    };
    expect(message.type).toBe('task.succeeded');
    expect(message.data).toMatchObject({ id, state: 'Succeeded', links: { result: `/api/tasks/${id}/result` } });
    expect((await settled(id)).callback).toMatchObject({ attempts: 1, deliveredAt: expect.any(String), error: null });
    const tampered = body.replace('succeeded', 'canceled');
    expect(() => new Webhook(secret).verify(tampered, headers as Record<string, string>)).toThrow();
  } finally {
    receiver.stop();
  }
});

test('a job’s end is told once, with its counts', async () => {
  const receiver = await Receiver.start();
  try {
    await client.upload({ 'told/a.png': fixture('box.png'), 'told/b.png': fixture('box.png') });
    const job = { prefix: 'told/', operation: 'invert', callbackUrl: receiver.url };
    const { id } = await client.submit('/api/jobs', job);
    const [{ body }] = await receiver.until(1);
    expect(JSON.parse(body)).toMatchObject({ type: 'job.completed', data: { id, counts: { succeeded: 2 } } });
    const isDelivered = async () => (await client.get(`/api/jobs/${id}`)).callback.deliveredAt;
    await until(isDelivered, { what: 'the callback is known to be delivered' });
    expect(receiver.received).toHaveLength(1);
  } finally {
    receiver.stop();
  }
});

test('a receiver that fails is told again, under the same id; a redirect is a failure', async () => {
  const away = { status: 302, headers: { Location: 'http://127.0.0.1:1/' } };
  const receiver = await Receiver.start([{ status: 500 }, away]);
  try {
    const { id } = await submit(receiver.url);
    const received = await receiver.until(3);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const isDelivered = async () => {
      const task = await client.task(id);
      return task.callback?.deliveredAt && task;
    };
    const task = await until(isDelivered, { what: 'the callback is known to be delivered' });
    expect(task.callback).toMatchObject({ attempts: 3, error: null });
  } finally {
    receiver.stop();
  }
});

test('after the last attempt it is exhausted: the task says why, and the poison queue has it', async () => {
  const receiver = await Receiver.start(Array(4).fill({ status: 503 }));
  try {
    const { id } = await submit(receiver.url);
    await receiver.until(4);
    const isGivenUp = async () => {
      const task = await client.task(id);
      return task.callback?.attempts === 4 && task;
    };
    const task = await until(isGivenUp, { what: 'the callback has been tried four times' });
    expect(task).toMatchObject({
      state: 'Succeeded',
      callback: { deliveredAt: null, error: 'The receiver answered 503.' },
    });
    const { callbackPoisonQueue } = await openStorage(runner.storage);
    const isPoisoned = async () => (await callbackPoisonQueue.client.peekMessages()).peekedMessageItems.length > 0;
    await until(isPoisoned, { what: 'the poison queue has the message' });
    expect(receiver.received).toHaveLength(4);
  } finally {
    receiver.stop();
  }
});

test('a receiver that wants no more is not told again', async () => {
  const receiver = await Receiver.start([{ status: 410 }]);
  try {
    const { id } = await submit(receiver.url);
    expect((await settled(id)).callback).toMatchObject({ attempts: 1, deliveredAt: null });
    expect(receiver.received).toHaveLength(1);
  } finally {
    receiver.stop();
  }
});

test('a replaced secret signs beside the new one for a while', async () => {
  const before = await client.get('/api/callback-secret');
  const after = await client.submit('/api/callback-secret/replace', {});
  expect(after.secret).not.toBe(before.secret);
  const receiver = await Receiver.start();
  try {
    await submit(receiver.url);
    const [{ headers, body }] = await receiver.until(1);
    for (const { secret } of [before, after]) new Webhook(secret).verify(body, headers as Record<string, string>);
  } finally {
    receiver.stop();
  }
});

test('hosts that are not on the list are refused at once', async () => {
  const fields = { operation: 'invert', callbackUrl: 'https://example.org/told' };
  const response = await client.post({ image: fixture('box.png'), fields });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    type: 'urn:tessera:problem:invalid-callback-url',
    field: 'callbackUrl',
  });
});

describe('without a list', () => {
  let open: Runner;
  let caller: Client;
  beforeAll(async () => {
    open = await Runner.start({ env: { CALLBACK_RETRY_SECONDS: '0' } });
    caller = new Client(open);
  });
  afterAll(() => open.stop());

  test.each([
    'http://example.org/',
    'ftp://example.org/',
    'https://user:password@example.org/',
    '/told',
    'https://',
    `https://example.org/${'a'.repeat(2000)}`,
  ])('%s is refused at once', async (callbackUrl) => {
    const response = await caller.post({ image: fixture('box.png'), fields: { operation: 'invert', callbackUrl } });
    expect(response.status).toBe(400);
  });

  // What a name resolves to is known when it is called.
  test.each([
    'https://127.0.0.1:9/',
    'https://localhost:9/',
    'https://10.0.0.1/',
    'https://169.254.169.254/metadata',
    'https://168.63.129.16/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fe80::1]/',
    'https://0x7f.1/',
    'https://2130706433/',
  ])('%s is not called', async (callbackUrl) => {
    const task = await caller.run({
      image: fixture('box.png'),
      fields: { operation: 'invert', callbackUrl, cache: false },
    });
    const failed = async () => {
      const { callback } = await caller.task(task.id);
      return callback?.error && callback;
    };
    const callback = await until(failed, { what: 'the callback has failed' });
    expect(callback).toMatchObject({ attempts: 1, deliveredAt: null, error: 'The host has no public address.' });
  });
});

test('what was told is the task as the API shows it', async () => {
  const receiver = await Receiver.start();
  try {
    const task = await client.run({
      ...request('coins.png', 'watershed'),
      fields: { operation: 'watershed', callbackUrl: receiver.url },
    });
    const [{ body }] = await receiver.until(1);
    expect(JSON.parse(body).data).toMatchObject({
      id: task.id,
      measurements: task.measurements,
      timings: task.timings,
    });
  } finally {
    receiver.stop();
  }
});
