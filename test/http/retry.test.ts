/** What fails for our reasons is tried again; what fails again and again ends as Failed, and says why. */
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import sharp from 'sharp';
import { deleteBlobs, resultBlob } from '../../lib/tasks/blobs.ts';
import { openStorage } from '../../lib/tasks/storage.ts';
import { Client, type TaskJson } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';

let uploads: Runner;
let client: Client;
beforeAll(async () => {
  // Nothing is processed until a test has prepared the storage and starts a worker.
  uploads = await Runner.start({ args: ['--only', 'upload,status'] });
  client = new Client(uploads);
});
afterAll(() => uploads.stop());

/** Starts a worker on the same account, as another machine would. */
function startWorker(): Promise<Runner> {
  return Runner.start({ args: ['--only', 'process', '--no-storage'], env: { AzureWebJobsStorage: uploads.storage } });
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
    for (let attempts = 0; attempts < 2; ) ({ attempts } = await client.task(id));
    await lease.releaseLease();
    expect(await client.finished(id)).toMatchObject({ state: 'Succeeded', error: null });
  } finally {
    await worker.stop();
  }
});

test('messages that are no tasks, or of tasks that are gone or done, are dropped and logged', async () => {
  const done = await submit();
  const storage = await openStorage(uploads.storage);
  for (const text of ['{"taskId":"0123456789abcdefghjkmnpqrs-0"}', JSON.stringify({ taskId: done }), '{}', 'rubbish']) {
    await storage.queue.sendMessage(Buffer.from(text).toString('base64'));
  }
  const worker = await startWorker();
  try {
    expect(await client.finished(done)).toMatchObject({ state: 'Succeeded', attempts: 1 });
    await expectEmptyQueues();
    expect(worker.output.filter((line) => /message-dropped/.test(line))).toHaveLength(2);
  } finally {
    await worker.stop();
  }
});

test("a killed instance's task is given to another one", async () => {
  // Half a minute's work: small faces in a large picture.
  const large = await sharp(fixture('graf1.png')).resize(1600).png().toBuffer();
  const response = await client.post({
    image: Buffer.from(large),
    fields: { operation: 'face-detection', minSize: '32' },
  });
  const { id } = (await response.json()) as TaskJson;
  const env = { AzureWebJobsStorage: uploads.storage, WORKER_SILENT_SECONDS: '2', REASSIGN_SCHEDULE: '* * * * * *' };
  const args = ['--only', 'process', '--no-storage'];
  const [doomed, heir] = [await Runner.start({ args, env }), await Runner.start({ args, env })];
  try {
    for (let state = 'Queued'; state !== 'Running'; ) ({ state } = await client.task(id));
    const { worker: victim } = await client.task(id);
    const [first, second] = doomed.output.some((line) => line.includes(victim ?? '')) ? [doomed, heir] : [heir, doomed];
    first.process.kill('SIGKILL');
    const task = await client.finished(id);
    expect(task).toMatchObject({ state: 'Succeeded', attempts: 2 });
    expect(task.worker).not.toBe(victim);
    expect(second.output.some((line) => line.includes('task-reassigned'))).toBe(true);
  } finally {
    await Promise.all([doomed.stop(), heir.stop()]);
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
  for (const name of ['image-tasks', 'image-tasks-poison']) {
    const queue = queues.getQueueClient(name);
    while (((await queue.getProperties()).approximateMessagesCount ?? 0) > 0);
  }
}
