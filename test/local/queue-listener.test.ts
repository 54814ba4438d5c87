/** The runner follows the Functions host's rules for queues, against a real queue service. */
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { QueueConfig } from '../../lib/config/host-config.ts';
import type { Invoker, Trigger } from '../../local/invocation.ts';
import { QueueListener } from '../../local/queue-listener.ts';
import { Account } from '../harness/account.ts';
import { until } from '../harness/until.ts';

let connection: string;
beforeAll(async () => {
  ({ connection } = await Account.start());
});

const config: QueueConfig = {
  batchSize: 4,
  newBatchThreshold: 2,
  visibilityTimeoutMs: 0,
  maxDequeueCount: 3,
  maxPollingIntervalMs: 200,
  messageEncoding: 'base64',
};

/** Runs a listener on a new queue, whose function is `handle`; gives the queues, and what the function was given. */
async function listening(
  options: Partial<QueueConfig>,
  messages: string[],
  handle: (trigger: Trigger) => Promise<void>,
  isDone: (state: { given: Trigger[]; queue: QueueClient; poison: QueueClient }) => Promise<boolean>,
) {
  const name = `q${Math.random().toString(36).slice(2)}`;
  const service = QueueServiceClient.fromConnectionString(connection);
  const [queue, poison] = [service.getQueueClient(name), service.getQueueClient(`${name}-poison`)];
  await queue.create();
  for (const message of messages) await queue.sendMessage(message);
  const given: Trigger[] = [];
  const invoker = {
    invoke: (_: unknown, trigger: Trigger) => {
      given.push(trigger);
      return handle(trigger);
    },
  } as unknown as Invoker;
  const fn = { metadata: { name, bindings: {} }, handler: () => {} };
  const listener = new QueueListener(fn, name, service, { ...config, ...options }, invoker, () => {});
  listener.start();
  await until(() => isDone({ given, queue, poison }), { what: 'the messages are dealt with' });
  await listener.stop();
  return { given, queue, poison };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const length = async (queue: QueueClient) => (await queue.getProperties()).approximateMessagesCount ?? 0;

test('a message that was worked on is gone; its function saw its text and how often it was delivered', async () => {
  const { given } = await listening(
    {},
    [base64('{"a":1}')],
    async () => {},
    async ({ queue }) => (await length(queue)) === 0,
  );
  expect(given).toHaveLength(1);
  expect(given[0].data.string).toBe('{"a":1}');
  expect(given[0].metadata.DequeueCount).toEqual({ json: '1' });
});

test('a message that fails is delivered maxDequeueCount times, then is in the poison queue', async () => {
  const fail = () => Promise.reject(new Error('no'));
  const { given, queue, poison } = await listening(
    {},
    [base64('x')],
    fail,
    async ({ poison }) => (await poison.exists()) && (await length(poison)) === 1,
  );
  expect(given.map(({ metadata }) => metadata.DequeueCount.json)).toEqual(['1', '2', '3']);
  expect(await length(queue)).toBe(0);
  expect((await poison.peekMessages()).peekedMessageItems[0].messageText).toBe(base64('x'));
});

test('a message that is not base64 goes to the poison queue unseen; with encoding none it is text', async () => {
  const poisoned = await listening(
    {},
    ['<plain>'],
    async () => {},
    async ({ poison }) => (await poison.exists()) && (await length(poison)) === 1,
  );
  expect(poisoned.given).toEqual([]);
  const { given } = await listening(
    { messageEncoding: 'none' },
    ['<plain>'],
    async () => {},
    async ({ queue }) => (await length(queue)) === 0,
  );
  expect(given[0].data.string).toBe('<plain>');
});

test('no more than batchSize + newBatchThreshold messages are worked on at once', async () => {
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 30));
    running--;
  };
  const messages = Array.from({ length: 24 }, (_, i) => base64(String(i)));
  const { given } = await listening({}, messages, work, async ({ queue }) => (await length(queue)) === 0);
  expect(new Set(given.map(({ data }) => data.string)).size).toBe(24);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(6);
});
