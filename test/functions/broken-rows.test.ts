/** Rows that something else has written: they are shown, end, and can be deleted; the others do not notice. */

import type { Engine } from '../../lib/imaging/engine.ts';
import { reassignTasks } from '../../lib/recovery/reassign-tasks.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { keysOf } from '../../lib/storage/task-rows.ts';
import { processTask } from '../../lib/tasks/process-task.ts';
import { Account } from '../harness/account.ts';
import { type Api, startApi } from '../harness/api.ts';
import { Client } from '../harness/client.ts';
import { takeMessages } from '../harness/messages.ts';
import { processorFor } from '../harness/processor.ts';
import { rawTable } from '../harness/storage.ts';
import { submitWithoutImage } from '../harness/submission.ts';

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

const columns = ['steps', 'output', 'input', 'reference', 'result', 'measurements', 'timings', 'error', 'callback'];

async function broken(column: string): Promise<string> {
  const { id } = await submitWithoutImage(storage, { callbackUrl: 'https://example.org/hook' });
  await (await rawTable(account.connection, 'tasks')).updateEntity({ ...keysOf(id), [column]: '{' }, 'Merge');
  return id;
}

test.each(columns)('a task whose %s cannot be read is shown with the reason, canceled and deleted', async (column) => {
  const id = await broken(column);
  const detail = `The task's record cannot be read: ${column}.`;
  expect(await client.get(`/api/tasks/${id}`)).toMatchObject({ id, error: { detail } });
  expect((await client.fetch(`/api/jobs/${id.split('-')[0]}/tasks?urls=1`)).status).toBe(200);
  const canceled = await client.send('POST', `/api/tasks/${id}/cancel`);
  expect([canceled.status, await canceled.json()]).toMatchObject([200, { state: 'Canceled' }]);
  expect((await client.send('DELETE', `/api/tasks/${id}`)).status).toBe(204);
  expect((await client.fetch(`/api/tasks/${id}`)).status).toBe(404);
});

test('a job with such a task is deleted', async () => {
  const id = await broken('steps');
  expect((await client.send('DELETE', `/api/jobs/${id.split('-')[0]}`)).status).toBe(204);
});

test('such a task is not worked on, not even when it is retried', async () => {
  const id = await broken('steps');
  // It comes to no work.
  const processor = processorFor(storage, {} as Engine);
  for (let tries = 0; tries < 2; tries++) {
    await processTask(processor, id);
    const failed = await client.get(`/api/tasks/${id}`);
    expect(failed).toMatchObject({ state: 'Failed', error: { detail: "The task's record cannot be read: steps." } });
    if (tries === 0) expect((await client.send('POST', `/api/tasks/${id}/retry`)).status).toBe(202);
  }
});

test('one broken row of an instance does not keep the tasks of others from being reassigned', async () => {
  const { id } = await submitWithoutImage(storage);
  await storage.taskQueue.client.clearMessages();
  const task = await storage.tasks.get(id);
  if (task) await storage.tasks.apply(task, 'start', { attempts: 1, instance: 'dead' });
  await storage.instances.beat('a-broken-one', [], [], 0);
  const broken = { partitionKey: 'instance', rowKey: 'a-broken-one', tasks: '[' };
  await (await rawTable(account.connection, 'instances')).updateEntity(broken, 'Merge');
  await storage.instances.beat('dead', [id], [], 0);
  await reassignTasks(storage, -1000);
  expect(await takeMessages(storage.taskQueue)).toEqual([{ taskId: id }]);
});
