/** Making the tasks of a job, in portions. */
import type { TransactionAction } from '@azure/data-tables';
import { Instances } from '../instances/instances.ts';
import { jobLogEntry, type Log, taskLogEntry } from '../log.ts';
import { taskIdOf } from '../model/ids.ts';
import { type Expansion, type Job, maxJobImages, type StoredJob } from '../model/job.ts';
import { type Instance, isHeld, type Lease, newLease, renewed, unknownInstance } from '../model/lease.ts';
import type { InputImage, Task } from '../model/task.ts';
import { Problem, problem } from '../problems.ts';
import { getRange, jobListBlob, listBlobs, putLines, uploadBlob } from '../storage/blobs.ts';
import { etagsOf, isConflict } from '../storage/counters.ts';
import { forEachLimit } from '../storage/for-each-limit.ts';
import { JobConflictError, JobStore, jobToRow } from '../storage/job-store.ts';
import { enqueueJobCommand, enqueueTask } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { toRow } from '../storage/task-rows.ts';
import { maxTasksAtOnce } from '../storage/task-store.ts';
import { newTask } from '../tasks/submit-task.ts';
import { endJobIfDone } from './watch-job.ts';

/** So much of the list is worked on in one go. */
const portionBytes = 256 * 2 ** 10;
const messagesAtOnce = 16;

/** An image of a job, as its list has it: a name below the owner's uploads, and what the storage says of it. */
export interface ListedImage {
  name: string;
  bytes?: number | undefined;
  /** Of the version that is meant; undefined for the one found by the task. */
  etag?: string | undefined;
}

export interface ExpandOptions {
  /** So many rows go into a transaction. */
  batchTasks?: number;
  instance?: Instance;
  /** A lease that was not renewed for so long is over. */
  leaseMs?: number;
  /** Told how many images were found under a prefix. The problem that it throws ends the job. */
  admitImages?: (job: Job, images: number) => Promise<void>;
}

/**
 * Makes the rows of the next portion of a job's tasks and enqueues them. One run at a time has the lease. Rows and checkpoint
 * are written in the same transactions: wherever it is broken off, the next run makes each missing row and none twice, and
 * first sends the messages of the last rows, of which some may have been sent.
 */
export async function expandJob(storage: Storage, jobId: string, log: Log, options: ExpandOptions = {}): Promise<void> {
  const { batchTasks = maxTasksAtOnce, instance = unknownInstance, leaseMs = 45_000, admitImages } = options;
  const store = new JobStore(storage);
  const lease = newLease(instance.id, leaseMs);
  const claimed = await claim(storage, jobId, lease, leaseMs);
  if (!claimed) return;
  let job = claimed;
  let enqueued = expansionOf(job).enqueued;
  let portion: Portion | null = null;
  for (let done = false; !done; ) {
    try {
      const { created, offset } = expansionOf(job);
      if (enqueued < created) {
        await enqueueTasks(storage, job.id, enqueued, created);
        enqueued = created;
      }
      if (job.total === null) job = await listPrefix(storage, job, { leaseMs, admitImages }, log);
      portion ??= await nextImages(storage, job);
      const batch = instance.stopping.aborted ? [] : imagesAt(portion, offset).slice(0, batchTasks);
      const progress = { enqueued, lease: renewed(lease, leaseMs) };
      if (batch.length > 0) job = await makeTasks(storage, job, batch, progress, log);
      else {
        job = await store.update(job, { expansion: { ...expansionOf(job), enqueued, lease: null } });
        done = true;
      }
    } catch (error) {
      // Canceled, deleted, retried, taken over, or it was written already and the answer lost.
      if (!isConflict(error) && !(error instanceof JobConflictError)) throw error;
      const now = await store.get(jobId);
      if (!now || !mayExpand(now) || now.expansion.lease?.run !== lease.run || now.rowEtag === job.rowEtag) {
        log.info(jobLogEntry('job-expansion-interrupted', job));
        if (now?.rowEtag === job.rowEtag) throw error;
        return;
      }
      job = now;
    }
  }
  const { created } = expansionOf(job);
  if (job.error) await endJobIfDone(storage, jobId, log);
  else if (created !== job.total) await enqueueJobCommand(storage.commandQueue, { jobId, step: 'expand' });
  log.info(jobLogEntry('job-expanded', job, { created }));
}

function expansionOf(job: Job): Expansion {
  return job.expansion as Expansion;
}

function mayExpand(job: StoredJob): job is StoredJob & { expansion: Expansion } {
  return job.expansion !== null && !job.canceledAt && !job.error;
}

/** Takes the lease; null where there is nothing to do, or another run has it. */
async function claim(storage: Storage, jobId: string, lease: Lease, leaseMs: number): Promise<StoredJob | null> {
  const store = new JobStore(storage);
  for (;;) {
    const job = await store.get(jobId);
    if (!job || !mayExpand(job) || job.expansion.enqueued === job.total) return null;
    const held = job.expansion.lease ?? null;
    const alive = held
      ? await new Instances(storage.instances).whoIsAlive([held.instance], new Date(Date.now() - leaseMs))
      : null;
    if (isHeld(held, Date.now(), (id) => alive?.has(id) ?? false)) return null;
    try {
      return await store.update(job, { expansion: { ...job.expansion, lease } });
    } catch (error) {
      if (!(error instanceof JobConflictError)) throw error;
    }
  }
}

/** Lists the images under the prefix, each at its present version, and renews the lease meanwhile. */
async function listPrefix(
  storage: Storage,
  job: StoredJob,
  { leaseMs, admitImages }: { leaseMs: number; admitImages: ExpandOptions['admitImages'] },
  log: Log,
): Promise<StoredJob> {
  const store = new JobStore(storage);
  const { prefix } = expansionOf(job);
  const root = uploadBlob(job.owner, '');
  const images: ListedImage[] = [];
  for await (const { name, bytes, etag } of listBlobs(storage.inputs, root + prefix)) {
    images.push({ name: name.slice(root.length), bytes, etag });
    if (images.length > maxJobImages) break;
    const { lease } = expansionOf(job);
    if (lease && lease.until - Date.now() < leaseMs / 2)
      job = await store.update(job, { expansion: { ...expansionOf(job), lease: renewed(lease, leaseMs) } });
  }
  try {
    if (images.length === 0 || images.length > maxJobImages) {
      const detail = `There are ${images.length === 0 ? 'no' : `more than ${maxJobImages}`} images under ${JSON.stringify(prefix)}.`;
      throw problem(images.length === 0 ? 'input-not-found' : 'too-many-images', detail);
    }
    await admitImages?.(job, images.length);
  } catch (refusal) {
    if (!(refusal instanceof Problem)) throw refusal;
    log.warn(jobLogEntry('job-failed', job, { error: refusal.details }));
    return store.update(job, { error: refusal.details });
  }
  await putLines(storage.inputs, jobListBlob(job.id), images);
  return store.update(job, { total: images.length });
}

interface ReadImage {
  image: ListedImage;
  /** Where it stands in the list, in bytes, and where the next one begins. */
  begin: number;
  end: number;
}

/** Images of the list, in its order. */
type Portion = ReadImage[];

/** As many of the next images as are whole in a portion of the list. */
async function nextImages(storage: Storage, job: StoredJob): Promise<Portion> {
  const { list, offset, created } = expansionOf(job);
  if (created === job.total || job.error) return [];
  const portion = await getRange(storage.inputs, list as string, offset, portionBytes);
  const images: Portion = [];
  for (let start = 0, end = 0; ; start = end) {
    end = portion.indexOf(0x0a, start) + 1;
    if (end === 0) return images;
    images.push({ image: JSON.parse(portion.toString('utf8', start, end)), begin: offset + start, end: offset + end });
  }
}

/** Those from `offset` on. */
function imagesAt(portion: Portion, offset: number): Portion {
  return portion.filter(({ begin }) => begin >= offset);
}

/** The rows and the checkpoint in one transaction. The messages follow, which the next checkpoint notes. */
async function makeTasks(
  storage: Storage,
  job: StoredJob,
  images: Portion,
  progress: Pick<Expansion, 'enqueued' | 'lease'>,
  log: Log,
): Promise<StoredJob> {
  const before = expansionOf(job);
  const { created: first } = before;
  const { end } = images[images.length - 1];
  const expansion: Expansion = { ...before, ...progress, offset: end, created: first + images.length };
  const changed: StoredJob = { ...job, expansion };
  const tasks = images.map(({ image }, i) => taskOf(job, first + i, image));
  const answer = await storage.tasks.submitTransaction([
    ...tasks.map((task): TransactionAction => ['create', toRow(task)]),
    ['update', jobToRow(changed), 'Replace', { etag: job.rowEtag }],
  ]);
  for (const task of tasks) log.info(taskLogEntry('task-queued', task));
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
    etag: image.etag,
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
