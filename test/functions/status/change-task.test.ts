/** What its owner can do to a task, and what that leaves in the queues. */
import { openStorage, type Storage } from '../../../lib/storage/storage.ts';
import { Account } from '../../harness/account.ts';
import { type Api, startApi } from '../../harness/api.ts';
import { Client } from '../../harness/client.ts';
import { takeMessages } from '../../harness/messages.ts';
import { submitWithoutImage } from '../../harness/submission.ts';

let account: Account;
let api: Api;
let client: Client;
let storage: Storage;
beforeAll(async () => {
  account = await Account.start();
  [storage, api] = await Promise.all([openStorage(account.connection), startApi(account.connection)]);
  client = new Client(api);
});
afterAll(async () => {
  await api.stop();
  await account.stop();
});
beforeEach(async () => {
  await storage.taskQueue.client.clearMessages();
  await storage.callbackQueue.client.clearMessages();
});

async function change(id: string, how: 'cancel' | 'retry') {
  const response = await client.send('POST', `/api/tasks/${id}/${how}`);
  return [response.status, ((await response.json()) as { state: string }).state];
}

test('retry of a task that waits is answered, and sends no more messages', async () => {
  const { id } = await submitWithoutImage(storage);
  for (let i = 0; i < 3; i++) expect(await change(id, 'retry')).toEqual([202, 'Queued']);
  expect(await takeMessages(storage.taskQueue)).toEqual([{ taskId: id }]);
});

test('retry of a failed task, sent several times at once, sends one message', async () => {
  const { id } = await storage.tasks.apply(await submitWithoutImage(storage), 'fail');
  await storage.taskQueue.client.clearMessages();
  const answers = await Promise.all(Array.from({ length: 4 }, () => change(id, 'retry')));
  expect(answers).toEqual(Array(4).fill([202, 'Queued']));
  expect(await takeMessages(storage.taskQueue)).toEqual([{ taskId: id }]);
});

test('canceling a task again tells of an end that nobody was told of', async () => {
  const task = await submitWithoutImage(storage, { callbackUrl: 'https://example.org/hook' });
  // The instance died before the message.
  await storage.tasks.apply(task, 'cancel', { finishedAt: new Date() });
  expect(await change(task.id, 'cancel')).toEqual([200, 'Canceled']);
  expect(await takeMessages(storage.callbackQueue)).toEqual([{ id: task.id, attempt: 1 }]);
});
