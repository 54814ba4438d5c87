/** Which poison messages raise an alert. */
import { QueueServiceClient } from '@azure/storage-queue';
import { deliverCallback } from '../../lib/callbacks/deliver.ts';
import { readStats } from '../../lib/recovery/stats.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { finishTask } from '../../lib/tasks/finish-task.ts';
import { Account } from '../harness/account.ts';
import { Receiver } from '../harness/receiver.ts';
import { submitWithoutImage } from '../harness/submission.ts';

let account: Account;
let storage: Storage;
beforeAll(async () => {
  account = await Account.start();
  storage = await openStorage(account.connection);
});
afterAll(() => account.stop());

test('an exhausted callback raises none, and is kept for a week', async () => {
  const receiver = await Receiver.start([{ status: 410 }]);
  try {
    const task = await submitWithoutImage(storage, { callbackUrl: receiver.url });
    await finishTask(storage, task, 'cancel', {});
    const view = { task: async () => ({}), job: async () => ({}) };
    const options = { allowedHosts: ['127.0.0.1', 'localhost'], retryDelaysMs: [], view };
    await deliverCallback(storage, { id: task.id, attempt: 1 }, options);
  } finally {
    receiver.stop();
  }
  const [kept] = (await storage.callbackPoisonQueue.client.peekMessages()).peekedMessageItems;
  expect(kept.expiresOn.getTime() - kept.insertedOn.getTime()).toBe(7 * 24 * 3600_000);
  expect((await readStats(storage)).stats.poisoned).toBe(0);
});

test.each(['image-tasks', 'job-tasks', 'job-commands'])('a message of %s that nothing can read does', async (name) => {
  const queue = QueueServiceClient.fromConnectionString(account.connection).getQueueClient(`${name}-poison-poison`);
  await queue.sendMessage('not base64!');
  expect((await readStats(storage)).stats.poisoned).toBe(1);
  await queue.clearMessages();
});
