/** What fails for our reasons is tried again; what fails again and again ends as Failed, and says why. */
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import sharp from 'sharp';
import { resultBlob } from '../../lib/storage/blob-names.ts';
import { enqueueTask, type JobCommand, jobCommandIn, type MessageQueue } from '../../lib/storage/queues.ts';
import { openStorage } from '../../lib/storage/storage.ts';
import { Client, type TaskJson } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner, type RunnerInit } from '../harness/runner.ts';
import { bodyOf } from '../harness/storage.ts';
import { StorageProxy } from '../harness/storage-proxy.ts';
import { until } from '../harness/until.ts';

let uploads: Runner;
let client: Client;
beforeAll(async () => {
  // Nothing is processed until a test has prepared the storage and starts an instance.
  uploads = await Runner.start({ args: ['--only', 'http'], env: { INSTANCE_SILENT_SECONDS: '2' } });
  client = new Client(uploads);
});
afterAll(() => uploads.stop());

/** Starts an instance on the same account, as another machine would. */
function startInstance({ args = [], ...init }: RunnerInit = {}): Promise<Runner> {
  return Runner.start({ connection: uploads.storage, ...init, args: ['--only', 'control,process', ...args] });
}

/** Notices within seconds that another has died. */
const watchful = { INSTANCE_SILENT_SECONDS: '2', REASSIGN_SCHEDULE: '* * * * * *' };

function running(id: string): Promise<TaskJson> {
  const isRunning = async () => {
    const task = await client.task(id);
    return task.state === 'Running' && task;
  };
  return until(isRunning, { what: `${id} is running` });
}

async function submit(): Promise<string> {
  // What one test leaves as a result is none for the next.
  const fields = { operation: 'canny', cache: 'false' };
  const response = await client.post({ image: fixture('coins.png'), fields });
  return ((await response.json()) as TaskJson).id;
}

/** Makes writing the task's result fail: a lease on the blob is somebody else's. */
async function lockResult(taskId: string) {
  const blob = BlobServiceClient.fromConnectionString(uploads.storage)
    .getContainerClient('results')
    .getBlockBlobClient(resultBlob(taskId));
  await blob.upload('', 0);
  const lease = blob.getBlobLeaseClient();
  await lease.acquireLease(-1);
  return lease;
}

test('a task that throws each time is Failed after five attempts, and the poison queue is empty again', async () => {
  const id = await submit();
  await lockResult(id);
  const instance = await startInstance();
  try {
    const task = await client.finished(id);
    expect(task).toMatchObject({
      state: 'Failed',
      attempts: 5,
      error: { type: 'urn:tessera:problem:processing-failed' },
    });
    expect(task.error?.detail).toMatch(/Failed after 5 attempts.*lease/);
    await expectEmptyQueues();
    expect(instance.output.filter((line) => line.includes('task-attempt-failed'))).toHaveLength(5);
  } finally {
    expect(await instance.stop()).toBe(0);
  }
});

test('a task that throws for a while succeeds once the cause is gone', async () => {
  const id = await submit();
  const lease = await lockResult(id);
  const instance = await startInstance();
  try {
    await until(async () => (await client.task(id)).attempts >= 2, { what: 'the second attempt has begun' });
    await lease.releaseLease();
    expect(await client.finished(id)).toMatchObject({ state: 'Succeeded', error: null });
  } finally {
    await instance.stop();
  }
});

test('messages that are no tasks, of another version, or of tasks that are gone or done are each handled and logged once', async () => {
  const done = await submit();
  const storage = await openStorage(uploads.storage);
  const gone = '0123456789abcdefghjkmnpqrs-0';
  const dropped = ['{}', 'rubbish', '{"id":"x","version":0}', '{"taskId":"../x"}', '[]', '{"taskId":7}'];
  const extra = { taskId: done, version: 2 };
  const known = [JSON.stringify({ taskId: gone }), JSON.stringify({ taskId: done }), JSON.stringify(extra)];
  for (const text of [...known, ...dropped])
    await storage.taskQueue.client.sendMessage(Buffer.from(text).toString('base64'));
  for (const text of ['{}', 'rubbish']) {
    for (const queue of [storage.commandQueue, storage.callbackQueue, ...storage.poisonQueues.slice(0, 3)])
      await queue.client.sendMessage(Buffer.from(text).toString('base64'));
  }
  const instance = await startInstance();
  try {
    expect(await client.finished(done)).toMatchObject({ state: 'Succeeded', attempts: 1 });
    await expectEmptyQueues();
    const logged = (event: string) => instance.output.filter((line) => line.includes(`"${event}"`));
    await until(() => logged('job-command-exhausted').length >= 2, { what: 'both commands are exhausted' });
    expect(logged('message-dropped')).toHaveLength(dropped.length + 8);
    expect(logged('task-skipped').filter((line) => line.includes(gone))).toHaveLength(1);
    expect(logged('task-skipped').filter((line) => line.includes(done))).toHaveLength(2);
    expect(instance.output.filter((line) => / failed: /.test(line))).toEqual([]);
  } finally {
    await instance.stop();
  }
});

test('a task whose message comes many times at once is worked on once', async () => {
  const id = await submit();
  const storage = await openStorage(uploads.storage);
  await Promise.all(Array.from({ length: 12 }, () => enqueueTask(storage, { id, inJob: false })));
  const instance = await startInstance();
  try {
    expect(await client.finished(id)).toMatchObject({ state: 'Succeeded', attempts: 1 });
    await expectEmptyQueues();
    expect(instance.logged('task-started')).toHaveLength(1);
    expect(instance.output.filter((line) => / failed: /.test(line))).toEqual([]);
  } finally {
    await instance.stop();
  }
});

test("a killed instance's task is given to another one", async () => {
  const id = await submit();
  const proxy = await StorageProxy.start(uploads.storage);
  // The doomed one never gets rid of its result.
  proxy.treat = ({ service, method, path }) =>
    service === 'Blob' && method === 'PUT' && path.startsWith('/results/') ? 'hold' : 'pass';
  const doomed = await startInstance({ connection: proxy.connection, env: watchful });
  const { instance: victim } = await running(id);
  const heir = await startInstance({ env: watchful });
  try {
    doomed.process.kill('SIGKILL');
    const task = await client.finished(id);
    expect(task).toMatchObject({ state: 'Succeeded', attempts: 1 });
    expect(task.instance).not.toBe(victim);
    expect(heir.output.some((line) => line.includes('task-reassigned'))).toBe(true);
  } finally {
    await heir.stop();
    proxy.stop();
  }
});

test('an instance that is killed while it waits for the storage loses nothing either', async () => {
  const proxy = await StorageProxy.start(uploads.storage);
  const doomed = await startInstance({ connection: proxy.connection, env: watchful });
  await client.finished(await submit());
  proxy.treat = ({ service }) => (service === 'Blob' ? 'refuse' : 'pass');
  const id = await submit();
  // Long enough for a sign of life in between.
  await until(() => doomed.logged('storage-unavailable').length >= 3, { what: 'three attempts have failed' });
  doomed.process.kill('SIGKILL');
  const heir = await startInstance({ env: watchful });
  try {
    expect(await client.finished(id)).toMatchObject({ state: 'Succeeded' });
  } finally {
    await heir.stop();
    proxy.stop();
  }
});

test('a task whose message an instance took to its death, before it could say so, is requeued', async () => {
  const id = await submit();
  const { taskQueue } = await openStorage(uploads.storage);
  // As the host of that instance did; nobody will ever answer for it.
  const { receivedMessageItems } = await taskQueue.client.receiveMessages({ visibilityTimeout: 600 });
  expect(receivedMessageItems).toHaveLength(1);
  const instance = await startInstance({ env: { ...watchful, INSTANCE_SILENT_SECONDS: '1' } });
  try {
    expect(await client.finished(id)).toMatchObject({ state: 'Succeeded', attempts: 1 });
    expect(instance.logged('task-requeued')).toMatchObject([{ task: id }]);
    await taskQueue.client.clearMessages();
  } finally {
    await instance.stop();
  }
});

test('so is a job command', async () => {
  await client.upload({ 'step.png': fixture('box.png') });
  const { id } = await client.submit('/api/jobs', { images: ['step.png', 'step.png'], operation: 'canny' });
  const storage = await openStorage(uploads.storage);
  await takeCommand(storage.commandQueue, id, 'dispatch');
  const instance = await startInstance({ env: { INSTANCE_SILENT_SECONDS: '1', REASSIGN_SCHEDULE: '* * * * * *' } });
  try {
    expect(await client.jobDone(id)).toMatchObject({ state: 'Completed', counts: { succeeded: 2 } });
    await until(async () => (await client.get(`/api/jobs/${id}`)).finishedAt, { what: 'the job has an end' });
    expect(instance.logged('job-command-requeued')).toContainEqual(
      expect.objectContaining({ job: id, command: 'dispatch' }),
    );
  } finally {
    await instance.stop();
  }
});

/** Takes the message of a command as the host of an instance that dies; other messages stay visible. */
async function takeCommand({ client: queue }: MessageQueue, jobId: string, kind: JobCommand['kind']): Promise<void> {
  const take = async () => {
    let taken = false;
    const { receivedMessageItems } = await queue.receiveMessages({ visibilityTimeout: 600, numberOfMessages: 32 });
    for (const message of receivedMessageItems) {
      const found = jobCommandIn(bodyOf(message));
      if (found?.jobId === jobId && found.kind === kind) taken = true;
      else await queue.updateMessage(message.messageId, message.popReceipt, message.messageText, 0);
    }
    return taken;
  };
  await until(take, { what: `command ${kind} of ${jobId} is in the queue` });
}

test('an instance that is stopped in the middle of a task hands it to another at once', async () => {
  const large = await sharp(fixture('graf1.png')).resize(1200).png().toBuffer();
  const fields = { operation: 'face-detection', minSize: '32', cache: 'false' };
  const response = await client.post({ image: Buffer.from(large), fields });
  const { id } = (await response.json()) as TaskJson;
  const leaving = await startInstance({ args: ['--grace', '0'] });
  await running(id);
  expect(await leaving.stop()).toBe(0);
  expect(await client.task(id)).toMatchObject({ state: 'Queued', attempts: 0 });
  const heir = await startInstance();
  try {
    expect(await client.finished(id)).toMatchObject({ state: 'Succeeded', attempts: 1, error: null });
  } finally {
    await heir.stop();
  }
});

test('a task whose input was deleted fails, and does not stay', async () => {
  const id = await submit();
  const [jobId] = id.split('-');
  await (await openStorage(uploads.storage)).inputs.deleteAll(`tasks/${jobId}/`);
  const instance = await startInstance();
  try {
    expect(await client.finished(id)).toMatchObject({ state: 'Failed' });
  } finally {
    await instance.stop();
  }
});

async function expectEmptyQueues(): Promise<void> {
  const queues = QueueServiceClient.fromConnectionString(uploads.storage);
  for (const name of ['image-tasks', 'job-tasks', 'image-tasks-poison', 'job-tasks-poison']) {
    const queue = queues.getQueueClient(name);
    const isEmpty = async () => ((await queue.getProperties()).approximateMessagesCount ?? 0) === 0;
    await until(isEmpty, { what: `${name} is empty` });
  }
}
