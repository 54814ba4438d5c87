/** Each request to the storage fails once, before it takes effect or after, at every point of a task's way: the task ends right. */

import { randomBytes } from 'node:crypto';
import { Engine } from '../../lib/imaging/engine.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { submitJob } from '../../lib/jobs/submit-job.ts';
import { maxAttempts } from '../../lib/limits.ts';
import { newJobId, taskIdOf } from '../../lib/model/ids.ts';
import { resultBlob, taskInputBlob } from '../../lib/storage/blob-names.ts';
import { callbackIn, type MessageQueue, taskIdIn } from '../../lib/storage/queues.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { processTask, type TaskProcessor } from '../../lib/tasks/process-task.ts';
import { submitTask } from '../../lib/tasks/submit-task.ts';
import { Account } from '../harness/account.ts';
import { fixture } from '../harness/fixtures.ts';
import { expandJob } from '../harness/job-commands.ts';
import { takeMessages } from '../harness/messages.ts';
import { processorFor } from '../harness/processor.ts';
import { bodyOf } from '../harness/storage.ts';
import { StorageProxy, type Treatment } from '../harness/storage-proxy.ts';
import { putUpload } from '../harness/uploads.ts';

let account: Account;
let proxy: StorageProxy;
let engine: Engine;
/** Sees the account as it is. */
let storage: Storage;
/** The result of the task where nothing fails. */
let expected: Buffer;
beforeAll(async () => {
  account = await Account.start();
  proxy = await StorageProxy.start(account.connection);
  storage = await openStorage(account.connection);
  engine = new Engine({ threads: 1, timeLimitMs: 60_000, pixelsInFlight: 1e8, maxHeapBytes: 2 ** 30 });
  await putUpload({ connection: account.connection, storage }, 'box.png', fixture('box.png'));
  expected = await resultOf(await walk(0, 'pass', single, 0));
});
afterAll(async () => {
  await engine.close();
  proxy.stop();
  await account.stop();
});

const steps = parseSteps([{ operation: 'canny', params: { blur: 1 } }]);
const work = {
  requestId: 'test',
  owner: 'anonymous',
  steps,
  output: {},
  page: 1,
};

const opened = new Map<number, Promise<Storage>>();

/** The storage by way of the proxy, asked so many times more where there is no answer; opened once, as each opening costs 20 requests. */
function openByProxy(retries: number): Promise<Storage> {
  const storage = opened.get(retries) ?? openStorage(proxy.connection, { retries });
  opened.set(retries, storage);
  return storage;
}

/** An instance that asks the storage by way of the proxy, and so many times more where it gets no answer. */
async function startInstance(retries: number): Promise<TaskProcessor> {
  const own = await openByProxy(retries);
  return processorFor(own, engine, `instance-${randomBytes(4).toString('hex')}`);
}

type Begin = (instance: Storage, jobId: string) => Promise<void>;

/** Nobody calls it: the messages that would are what is looked at. */
const callbackUrl = 'https://example.org/hook';

/** A task by itself, whose image came with it, and whose end is to be told. */
const single: Begin = async (instance, jobId) => {
  const blob = taskInputBlob(jobId, 'image');
  const bytes = fixture('box.png');
  await instance.inputs.put(blob, bytes, 'image/png');
  const input = { blob, name: 'box.png', contentType: 'image/png', bytes: bytes.length, width: 324, height: 223 };
  const createdAt = new Date(0);
  await submitTask(instance, { ...work, jobId, createdAt, input, reference: null, callbackUrl, cacheKey: jobId });
};

/** The only task of a job over an upload. */
const inJob: Begin = async (instance, id) => {
  const source = { images: ['box.png'] };
  const about = { id, name: null, createdAt: new Date(0), reference: null, callbackUrl: null };
  await submitJob(instance, { ...work, ...about, source });
  await expandJob(instance, id);
  // It took its own change, whose answer was lost, for another's: then it asks for another run, which this is.
  await expandJob(instance, id);
};

/** The way of a task whose `nth` request to the storage is treated so; the callers do what callers do. Gives its id. */
async function walk(nth: number, treatment: Treatment, begin: Begin, retries: number): Promise<string> {
  const processor = await startInstance(retries);
  const jobId = newJobId();
  await storage.taskQueue.client.clearMessages();
  await storage.jobTaskQueue.client.clearMessages();
  await storage.callbackQueue.client.clearMessages();
  let requests = 0;
  proxy.treat = () => (++requests === nth ? treatment : 'pass');
  // Whoever got no answer sends the request again, under the same key.
  await persistently(() => begin(processor.storage, jobId));
  while (await deliver(processor));
  proxy.treat = () => 'pass';
  if (nth > requests) throw new EndOfWay();
  return taskIdOf(jobId, 0);
}

class EndOfWay extends Error {}

async function persistently(request: () => Promise<void>): Promise<void> {
  try {
    await request();
  } catch {
    await request();
  }
}

/** Delivers a message of either queue of tasks. False where there is none. */
async function deliver(processor: TaskProcessor): Promise<boolean> {
  for (const queue of [storage.taskQueue, storage.jobTaskQueue]) if (await deliverFrom(queue, processor)) return true;
  return false;
}

/** Delivers a message as the queue does: again, if the work on it throws. */
async function deliverFrom({ client: queue }: MessageQueue, processor: TaskProcessor): Promise<boolean> {
  const [message] = (await queue.receiveMessages({ visibilityTimeout: 600 })).receivedMessageItems;
  if (!message) return false;
  const taskId = taskIdIn(bodyOf(message)) as string;
  try {
    await processTask(processor, taskId);
    await queue.deleteMessage(message.messageId, message.popReceipt);
  } catch {
    await queue.updateMessage(message.messageId, message.popReceipt, message.messageText, 0);
  }
  return true;
}

async function resultOf(taskId: string): Promise<Buffer> {
  return storage.results.range(resultBlob(taskId), 0, 1e8);
}

const ways = [
  ['a task by itself', single],
  ['a task of a job', inJob],
] as const;
const failures = [
  ['before it takes effect', 'refuse'],
  ['after it took effect', 'lose'],
] as const;
const answers = [
  ['and not sent again', 0],
  ['and sent again by the client', 3],
] as const;
const cases = ways.flatMap(([what, begin]) =>
  failures.flatMap(([when, how]) => answers.map(([then, retries]) => [what, when, then, begin, how, retries] as const)),
);

test.each(cases)('%s, each request failing %s %s', async (_, __, ___, begin, treatment, retries) => {
  let failed = 0;
  try {
    for (let nth = 1; ; nth++, failed++) {
      const taskId = await walk(nth, treatment, begin, retries);
      const task = await storage.tasks.get(taskId);
      expect({ nth, task }).toMatchObject({ nth, task: { state: 'Succeeded', error: null } });
      expect((await resultOf(taskId)).equals(expected)).toBe(true);
      const told = new Set((await takeMessages(storage.callbackQueue)).map((body) => callbackIn(body)?.id));
      expect({ nth, told: [...told] }).toEqual({ nth, told: begin === single ? [taskId] : [] });
      const job = await storage.jobs.get(taskId.split('-')[0]);
      expect({ nth, counts: job?.counts }).toEqual({
        nth,
        counts: { Queued: 0, Running: 0, Succeeded: 1, Failed: 0, Canceled: 0 },
      });
    }
  } catch (error) {
    if (!(error instanceof EndOfWay)) throw error;
  }
  expect(failed).toBeGreaterThan(8);
});

test('images that cannot be read for longer than all attempts take cost none of them', async () => {
  const processor = await startInstance(0);
  const jobId = newJobId();
  const taskId = taskIdOf(jobId, 0);
  const task = () => storage.tasks.get(taskId);
  await storage.taskQueue.client.clearMessages();
  await storage.jobTaskQueue.client.clearMessages();
  await single(processor.storage, jobId);
  proxy.treat = ({ service }) => (service === 'Blob' ? 'refuse' : 'pass');
  for (let deliveries = 0; deliveries <= maxAttempts; deliveries++) await deliver(processor);
  expect(await task()).toMatchObject({ state: 'Queued', attempts: 0, error: { status: 500 } });
  proxy.treat = () => 'pass';
  while (await deliver(processor));
  expect(await task()).toMatchObject({ state: 'Succeeded', attempts: 1, error: null });
});
