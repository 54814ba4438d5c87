/** A runner with nothing to do polls rarely, and misses nothing that it sends itself. */
import { QueueServiceClient } from '@azure/storage-queue';
import type { Invoker, Trigger } from '../../local/invocation.ts';
import { PollingDelays } from '../../local/polling-delays.ts';
import { QueueListener } from '../../local/queue-listener.ts';
import { watchSentMessages } from '../../local/sent-messages.ts';
import { Account } from '../harness/account.ts';

/** The waits of a queue that stays empty from `start` on, until `end`; in milliseconds. */
function waits(delays: PollingDelays, start: number, end: number): number[] {
  const found: number[] = [];
  for (let now = start; now < end; now += found.at(-1) ?? 0) found.push(delays.next(now));
  return found;
}

test('the host’s rules double the wait up to their maximum, however long nothing comes', () => {
  const delays = new PollingDelays(1000, null, 0);
  const found = waits(delays, 0, 3_600_000);
  expect(found[0]).toBe(100);
  expect(found[1]).toBeGreaterThanOrEqual(180);
  expect(Math.max(...found)).toBe(1000);
  delays.expect(3_600_000);
  expect(delays.next(3_600_000)).toBe(100);
});

test('idle polling looks rarely once nothing has come for long, and often again after a message', () => {
  const delays = new PollingDelays(200, { afterMs: 30_000, waitMs: 2000 }, 0);
  expect(Math.max(...waits(delays, 0, 29_000))).toBe(200);
  expect(new Set(waits(delays, 30_000, 600_000))).toEqual(new Set([2000]));
  delays.expect(600_000);
  expect(Math.max(...waits(delays, 600_000, 629_000))).toBe(200);
});

test('a message that this process sends is fetched when it becomes visible, however rarely the queue is polled', async () => {
  const account = await Account.start();
  const service = QueueServiceClient.fromConnectionString(account.connection);
  const queue = service.getQueueClient('idle');
  await queue.create();
  const got = Promise.withResolvers<string | undefined>();
  const invoker = {
    invoke: async (_: unknown, { data }: Trigger) => got.resolve(data.string),
  } as unknown as Invoker;
  const config = {
    batchSize: 1,
    newBatchThreshold: 0,
    visibilityTimeoutMs: 0,
    maxDequeueCount: 1,
    maxPollingIntervalMs: 100,
    messageEncoding: 'none' as const,
  };
  const fn = { metadata: { name: 'idle', bindings: {} }, handler: () => {} };
  // Looks once more after half a second, then in ten minutes.
  const idle = { afterMs: 500, waitMs: 600_000 };
  const listener = new QueueListener(fn, 'idle', service, config, invoker, () => {}, idle);
  const stopWatching = watchSentMessages(({ queue, visibleInMs }) => {
    if (queue === listener.queue) listener.expect(visibleInMs);
  });
  listener.start();
  try {
    await queue.sendMessage('late', { visibilityTimeout: 2 });
    const tooLate = setTimeout(() => got.reject(new Error('The message was not fetched within 20 s.')), 20_000);
    expect(await got.promise).toBe('late');
    clearTimeout(tooLate);
  } finally {
    stopWatching();
    await listener.stop();
    await account.stop();
  }
});
