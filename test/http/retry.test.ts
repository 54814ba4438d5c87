/** What fails for our reasons is tried again; what fails again and again ends as Failed, and says why. */
import { BlobServiceClient } from '@azure/storage-blob';
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import sharp from 'sharp';
import { deleteBlobs, resultBlob } from '../../lib/tasks/blobs.ts';
import { enqueueTask, type JobStep, jobStepIn } from '../../lib/tasks/queue.ts';
import { openStorage } from '../../lib/tasks/storage.ts';
import { Client, type TaskJson } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner, type RunnerInit } from '../harness/runner.ts';
import { bodyOf } from '../harness/storage.ts';
import { StorageProxy } from '../harness/storage-proxy.ts';
import { until } from '../harness/until.ts';

let uploads: Runner;
let client: Client;
beforeAll(async () => {
  // Nothing is processed until a test has prepared the storage and starts a worker.
  uploads = await Runner.start({ args: ['--only', 'http'], env: { WORKER_SILENT_SECONDS: '2' } });
  client = new Client(uploads);
});
afterAll(() => uploads.stop());

/** Starts a worker on the same account, as another machine would. */
function startWorker({ args = [], ...init }: RunnerInit = {}): Promise<Runner> {
  return Runner.start({ connection: uploads.storage, ...init, args: ['--only', 'control,process', ...args] });
}

/** Notices within seconds that another has died. */
const watchful = { WORKER_SILENT_SECONDS: '2', REASSIGN_SCHEDULE: '* * * * * *' };

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
  const worker = await startWorker();
  try {
    const task = await client.finished(id);
    expect(task).toMatchObject({
      state: 'Failed',
      attempts: 5,
      error: { type: 'urn:tessera:problem:processing-failed' },
    });
    expect(task.error?.detail).toMatch(/Given up after 5 attempts.*lease/);
    await expectEmptyQueues();
    expect(worker.output.filter((line) => line.includes('task-attempt-failed'))).toHaveLength(5);
  } finally {
    expect(await worker.stop()).toBe(0);
  }
});

test('a task that throws for a while succeeds once the cause is gone', async () => {
  const id = await submit();
  const lease = await lockResult(id);
  const worker = await startWorker();
  try {
    await until(async () => (await client.task(id)).attempts >= 2, { what: 'the second attempt has begun' });
    await lease.releaseLease();
    expect(await client.finished(id)).toMatchObject({ state: 'Succeeded', error: null });
  } finally {
    await worker.stop();
  }
});

test('messages that are no tasks, of another version, or of tasks that are gone or done are each handled and logged once', async () => {
  const done = await submit();
  const storage = await openStorage(uploads.storage);
  const gone = '0123456789abcdefghjkmnpqrs-0';
  const dropped = ['{}', 'rubbish', '{"id":"x","version":0}', '{"taskId":"../x"}', '[]', '{"taskId":7}'];
  const extra = { taskId: done, version: 2 };
  const known = [JSON.stringify({ taskId: gone }), JSON.stringify({ taskId: done }), JSON.stringify(extra)];
  for (const text of [...known, ...dropped]) await storage.queue.sendMessage(Buffer.from(text).toString('base64'));
  for (const text of ['{}', 'rubbish']) {
    for (const queue of [storage.jobQueue, storage.callbackQueue, ...storage.poisonQueues.slice(0, 3)])
      await queue.sendMessage(Buffer.from(text).toString('base64'));
  }
  const worker = await startWorker();
  try {
    expect(await client.finished(done)).toMatchObject({ state: 'Succeeded', attempts: 1 });
    await expectEmptyQueues();
    const logged = (event: string) => worker.output.filter((line) => line.includes(`"${event}"`));
    await until(() => logged('job-step-given-up').length >= 2, { what: 'both steps are given up' });
    expect(logged('message-dropped')).toHaveLength(dropped.length + 8);
    expect(logged('task-skipped').filter((line) => line.includes(gone))).toHaveLength(1);
    expect(logged('task-skipped').filter((line) => line.includes(done))).toHaveLength(2);
    expect(worker.output.filter((line) => / failed: /.test(line))).toEqual([]);
  } finally {
    await worker.stop();
  }
});

test('a task whose message comes many times at once is worked on once', async () => {
  const id = await submit();
  const { queue } = await openStorage(uploads.storage);
  await Promise.all(Array.from({ length: 12 }, () => enqueueTask(queue, id)));
  const worker = await startWorker();
  try {
    expect(await client.finished(id)).toMatchObject({ state: 'Succeeded', attempts: 1 });
    await expectEmptyQueues();
    expect(worker.logged('task-started')).toHaveLength(1);
    expect(worker.output.filter((line) => / failed: /.test(line))).toEqual([]);
  } finally {
    await worker.stop();
  }
});

test("a killed instance's task is given to another one", async () => {
  const id = await submit();
  const proxy = await StorageProxy.start(uploads.storage);
  // The doomed one never gets rid of its result.
  proxy.treat = ({ service, method, path }) =>
    service === 'Blob' && method === 'PUT' && path.startsWith('/results/') ? 'hold' : 'pass';
  const doomed = await startWorker({ connection: proxy.connection, env: watchful });
  const { worker: victim } = await running(id);
  const heir = await startWorker({ env: watchful });
  try {
    doomed.process.kill('SIGKILL');
    const task = await client.finished(id);
    expect(task).toMatchObject({ state: 'Succeeded', attempts: 2 });
    expect(task.worker).not.toBe(victim);
    expect(heir.output.some((line) => line.includes('task-reassigned'))).toBe(true);
  } finally {
    await heir.stop();
    proxy.stop();
  }
});

test('a worker that is killed while it waits for the storage loses nothing either', async () => {
  const proxy = await StorageProxy.start(uploads.storage);
  const doomed = await startWorker({ connection: proxy.connection, env: watchful });
  await client.finished(await submit());
  proxy.treat = ({ service }) => (service === 'Blob' ? 'refuse' : 'pass');
  const id = await submit();
  // Long enough for a sign of life in between.
  await until(() => doomed.logged('storage-unavailable').length >= 3, { what: 'three attempts have failed' });
  doomed.process.kill('SIGKILL');
  const heir = await startWorker({ env: watchful });
  try {
    expect(await client.finished(id)).toMatchObject({ state: 'Succeeded' });
  } finally {
    await heir.stop();
    proxy.stop();
  }
});

test('a task whose message an instance took to its death, before it could say so, is put back in line', async () => {
  const id = await submit();
  const { queue } = await openStorage(uploads.storage);
  // As the host of that instance did; nobody will ever answer for it.
  const { receivedMessageItems } = await queue.receiveMessages({ visibilityTimeout: 600 });
  expect(receivedMessageItems).toHaveLength(1);
  const worker = await startWorker({ env: { ...watchful, WORKER_SILENT_SECONDS: '1' } });
  try {
    expect(await client.finished(id)).toMatchObject({ state: 'Succeeded', attempts: 1 });
    expect(worker.logged('task-put-back')).toMatchObject([{ task: id }]);
    await queue.clearMessages();
  } finally {
    await worker.stop();
  }
});

test('so is the step of a job', async () => {
  await client.upload({ 'step.png': fixture('box.png') });
  const { id } = await client.submit('/api/jobs', { images: ['step.png', 'step.png'], operation: 'canny' });
  const storage = await openStorage(uploads.storage);
  await takeStep(storage.jobQueue, id, 'expand');
  const worker = await startWorker({ env: { WORKER_SILENT_SECONDS: '1', REASSIGN_SCHEDULE: '* * * * * *' } });
  try {
    expect(await client.jobDone(id)).toMatchObject({ state: 'Completed', counts: { succeeded: 2 } });
    await until(async () => (await client.get(`/api/jobs/${id}`)).finishedAt, { what: 'the job has an end' });
    expect(worker.logged('job-step-put-back')).toContainEqual(expect.objectContaining({ job: id, step: 'expand' }));
  } finally {
    await worker.stop();
  }
});

/** Takes the message of a step as the host of an instance that dies; others stay to be seen. */
async function takeStep(queue: QueueClient, jobId: string, step: JobStep['step']): Promise<void> {
  const take = async () => {
    let taken = false;
    const { receivedMessageItems } = await queue.receiveMessages({ visibilityTimeout: 600, numberOfMessages: 32 });
    for (const message of receivedMessageItems) {
      const found = jobStepIn(bodyOf(message));
      if (found?.jobId === jobId && found.step === step) taken = true;
      else await queue.updateMessage(message.messageId, message.popReceipt, message.messageText, 0);
    }
    return taken;
  };
  await until(take, { what: `the step ${step} of ${jobId} is in line` });
}

test('a worker that is stopped in the middle of a task hands it to another at once', async () => {
  const large = await sharp(fixture('graf1.png')).resize(1200).png().toBuffer();
  const fields = { operation: 'face-detection', minSize: '32', cache: 'false' };
  const response = await client.post({ image: Buffer.from(large), fields });
  const { id } = (await response.json()) as TaskJson;
  const leaving = await startWorker({ args: ['--grace', '0'] });
  await running(id);
  expect(await leaving.stop()).toBe(0);
  expect(await client.task(id)).toMatchObject({ state: 'Queued', attempts: 0 });
  const heir = await startWorker();
  try {
    expect(await client.finished(id)).toMatchObject({ state: 'Succeeded', attempts: 1, error: null });
  } finally {
    await heir.stop();
  }
});

test('a task whose input was deleted fails, and does not stay', async () => {
  const id = await submit();
  const [jobId] = id.split('-');
  await deleteBlobs((await openStorage(uploads.storage)).inputs, `tasks/${jobId}/`);
  const worker = await startWorker();
  try {
    expect(await client.finished(id)).toMatchObject({ state: 'Failed' });
  } finally {
    await worker.stop();
  }
});

async function expectEmptyQueues(): Promise<void> {
  const queues = QueueServiceClient.fromConnectionString(uploads.storage);
  for (const name of ['image-tasks', 'image-tasks-again', 'image-tasks-poison', 'image-tasks-again-poison']) {
    const queue = queues.getQueueClient(name);
    const isEmpty = async () => ((await queue.getProperties()).approximateMessagesCount ?? 0) === 0;
    await until(isEmpty, { what: `${name} is empty` });
  }
}
