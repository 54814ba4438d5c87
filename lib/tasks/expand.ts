/** Making the tasks of a job, in portions. */
import type { TransactionAction } from '@azure/data-tables';
import { problem } from '../problems.ts';
import { forEachLimit } from './batches.ts';
import { getRange, jobListBlob, listBlobs, putLines, uploadBlob } from './blobs.ts';
import { etagsOf, isConflict } from './counters.ts';
import { taskIdOf } from './ids.ts';
import { type Expansion, type Job, maxJobImages, type StoredJob } from './job.ts';
import { JobConflictError, JobStore, jobToRow } from './job-store.ts';
import { jobLine, type Log, taskLine } from './log.ts';
import { enqueueJobStep, enqueueTask } from './queue.ts';
import type { Storage } from './storage.ts';
import { newTask } from './submit.ts';
import type { InputImage, Task } from './task.ts';
import { toRow } from './task-rows.ts';
import { maxTasksAtOnce } from './task-store.ts';

/** So much of the list is worked on in one go. */
const portionBytes = 256 * 2 ** 10;
const messagesAtOnce = 16;
/** When to look again after someone else has come in between. */
const againMs = 1000;

/** An image of a job, as its list has it: a name below the owner's uploads, and what the storage says of it. */
export interface ListedImage {
  name: string;
  bytes?: number | undefined;
}

/**
 * Makes the rows of the next portion of a job's tasks and puts them in line. Rows and checkpoint are written in the same
 * transactions, of up to `batchTasks` rows: whenever it is broken off, the next run makes each missing row and none
 * twice. Messages of the last rows may be sent again, which does no harm.
 */
export async function expandJob(storage: Storage, jobId: string, log: Log, batchTasks = maxTasksAtOnce): Promise<void> {
  let job = await new JobStore(storage).get(jobId);
  if (!job?.expansion || job.cancelledAt || job.error) return;
  try {
    job = await catchUp(storage, job);
    if (job.total === null) job = await listPrefix(storage, job, log);
    if (job.error) return enqueueJobStep(storage.jobQueue, { jobId, step: 'watch' });
    for (const batch of batchesOf(await nextImages(storage, job), batchTasks))
      job = await makeTasks(storage, job, batch, log);
    job = await noteEnqueued(storage, job);
  } catch (error) {
    // Cancelled, deleted, another delivery of the message is at it, or it was written already and the answer lost.
    if (!isConflict(error) && !(error instanceof JobConflictError)) throw error;
    log.info(jobLine('job-expansion-interrupted', job));
    return enqueueJobStep(storage.jobQueue, { jobId, step: 'expand' }, againMs);
  }
  const { created } = job.expansion as Expansion;
  await enqueueJobStep(storage.jobQueue, { jobId, step: created === job.total ? 'watch' : 'expand' });
  log.info(jobLine('job-expanded', job, { created }));
}

/** Puts in line what an earlier run made rows of before it was broken off. */
async function catchUp(storage: Storage, job: StoredJob): Promise<StoredJob> {
  const { created, enqueued } = job.expansion as Expansion;
  if (enqueued === created) return job;
  await enqueueTasks(storage, job.id, enqueued, created);
  return noteEnqueued(storage, job);
}

async function noteEnqueued(storage: Storage, job: StoredJob): Promise<StoredJob> {
  const expansion = job.expansion as Expansion;
  if (expansion.enqueued === expansion.created) return job;
  return new JobStore(storage).update(job, { expansion: { ...expansion, enqueued: expansion.created } });
}

async function listPrefix(storage: Storage, job: StoredJob, log: Log): Promise<StoredJob> {
  const { prefix } = job.expansion as Expansion;
  const root = uploadBlob(job.owner, '');
  const images: ListedImage[] = [];
  for await (const { name, bytes } of listBlobs(storage.inputs, root + prefix)) {
    images.push({ name: name.slice(root.length), bytes });
    if (images.length > maxJobImages) break;
  }
  const store = new JobStore(storage);
  if (images.length === 0 || images.length > maxJobImages) {
    const detail = `There are ${images.length === 0 ? 'no' : `more than ${maxJobImages}`} images under ${JSON.stringify(prefix)}.`;
    const { details } = problem(images.length === 0 ? 'input-not-found' : 'too-many-images', detail);
    log.warn(jobLine('job-failed', job, { error: details }));
    return store.update(job, { error: details });
  }
  await putLines(storage.inputs, jobListBlob(job.id), images);
  return store.update(job, { total: images.length });
}

interface ReadImage {
  image: ListedImage;
  /** Where the next one begins. */
  end: number;
}

/** As many of the next images as are whole in a portion. */
async function nextImages(storage: Storage, { expansion, total }: StoredJob): Promise<ReadImage[]> {
  const { list, offset, created } = expansion as Expansion;
  if (created === total) return [];
  const portion = await getRange(storage.inputs, list as string, offset, portionBytes);
  const images: ReadImage[] = [];
  for (let start = 0, end = 0; ; start = end) {
    end = portion.indexOf(0x0a, start) + 1;
    if (end === 0) return images;
    images.push({ image: JSON.parse(portion.toString('utf8', start, end)), end: offset + end });
  }
}

function batchesOf<T>(items: T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** The rows and the checkpoint in one transaction, then the messages, which the next checkpoint notes. */
async function makeTasks(storage: Storage, job: StoredJob, images: ReadImage[], log: Log): Promise<StoredJob> {
  const before = job.expansion as Expansion;
  const { created: first } = before;
  const expansion: Expansion = {
    ...before,
    offset: (images.at(-1) as ReadImage).end,
    created: first + images.length,
    enqueued: first,
  };
  const changed: StoredJob = { ...job, expansion };
  const tasks = images.map(({ image }, i) => taskOf(job, first + i, image));
  const answer = await storage.tasks.submitTransaction([
    ...tasks.map((task): TransactionAction => ['create', toRow(task)]),
    ['update', jobToRow(changed), 'Replace', { etag: job.rowEtag }],
  ]);
  for (const task of tasks) log.info(taskLine('task-queued', task));
  await enqueueTasks(storage, job.id, first, expansion.created);
  return { ...changed, rowEtag: etagsOf(answer).at(-1) as string, touchedAt: new Date() };
}

async function enqueueTasks(storage: Storage, jobId: string, from: number, to: number): Promise<void> {
  const ids = Array.from({ length: to - from }, (_, i) => taskIdOf(jobId, from + i));
  await forEachLimit(ids, messagesAtOnce, (id) => enqueueTask(storage.queue, id));
}

function taskOf(job: Job, index: number, image: ListedImage): Task {
  const { owner, requestId, steps, output, page, reference } = job;
  const input: InputImage = {
    blob: uploadBlob(owner, image.name),
    name: image.name.split('/').at(-1) as string,
    contentType: null,
    bytes: image.bytes ?? null,
    width: null,
    height: null,
  };
  return {
    ...newTask(taskIdOf(job.id, index)),
    ...{ owner, requestId, steps, output, page, reference, input },
    inJob: true,
    createdAt: job.createdAt,
  };
}
