/** Storage that is as busy as Azure's is at times, in front of a real (local) one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueServiceClient } from '@azure/storage-queue';
import { BusyStorage } from '../../local/busy-storage.ts';
import { Account } from '../harness/account.ts';

let account: Account;
beforeAll(async () => {
  account = await Account.start();
});
afterAll(() => account.stop());

async function busy<T>(
  busyness: { refuseEvery: number; miscountEvery: number },
  use: (connection: string) => Promise<T>,
): Promise<T> {
  const storage = await BusyStorage.start(account.connection, busyness);
  try {
    return await use(storage.connection);
  } finally {
    storage.stop();
  }
}

test('every n-th request is refused as ServerBusy, and a client that tries again gets through', async () => {
  await busy({ refuseEvery: 2, miscountEvery: 1000 }, async (connection) => {
    const queueOf = (maxTries: number) =>
      QueueServiceClient.fromConnectionString(connection, {
        retryOptions: { maxTries, retryDelayInMs: 1 },
      }).getQueueClient('busy');
    const impatient = queueOf(1);
    await impatient.create();
    await expect(impatient.sendMessage('one')).rejects.toMatchObject({ statusCode: 503, code: 'ServerBusy' });
    const patient = queueOf(3);
    for (let i = 0; i < 10; i++) await patient.sendMessage(String(i));
    const { peekedMessageItems } = await patient.peekMessages({ numberOfMessages: 32 });
    expect(peekedMessageItems.map(({ messageText }) => messageText)).toEqual([...'0123456789']);
  });
});

test('lengths of queues are too large at times, and never too small', async () => {
  await busy({ refuseEvery: 1000, miscountEvery: 2 }, async (connection) => {
    const queue = QueueServiceClient.fromConnectionString(connection).getQueueClient('counted');
    await queue.create();
    for (let i = 0; i < 20; i++) await queue.sendMessage(String(i));
    const counts: (number | undefined)[] = [];
    for (let i = 0; i < 4; i++) counts.push((await queue.getProperties()).approximateMessagesCount);
    expect(counts).toEqual([20, 23, 20, 23]);
  });
});

test('an account elsewhere is left as it is', async () => {
  const connection =
    'DefaultEndpointsProtocol=https;AccountName=mine;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net';
  const storage = await BusyStorage.start(connection);
  expect(storage.connection).toBe(connection);
  storage.stop();
});

test('storage that goes away cuts off its requests, and is there again afterwards', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'busy-storage-'));
  const mortal = await Account.start(folder);
  const front = await BusyStorage.start(mortal.connection);
  const options = { retryOptions: { maxTries: 1 } };
  const queue = QueueServiceClient.fromConnectionString(front.connection, options).getQueueClient('away');
  try {
    await queue.create();
    await mortal.stop();
    for (let i = 0; i < 5; i++) await expect(queue.sendMessage('lost')).rejects.toThrow();
    const [, blobs = ''] = /BlobEndpoint=([^;]+)/.exec(front.connection) ?? [];
    await expect(fetch(`${blobs}/large`, { method: 'PUT', body: Buffer.alloc(5 * 2 ** 20) })).rejects.toThrow();
    await mortal.startAgain();
    await queue.sendMessage('kept');
    const { peekedMessageItems } = await queue.peekMessages();
    expect(peekedMessageItems.map(({ messageText }) => messageText)).toEqual(['kept']);
  } finally {
    front.stop();
    await mortal.stop();
    rmSync(folder, { recursive: true });
  }
});
