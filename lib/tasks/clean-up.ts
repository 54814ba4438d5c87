import { odata } from '@azure/data-tables';
import type { ContainerClient } from '@azure/storage-blob';
import { forEachLimit } from './batches.ts';
import { deleteBlob, listBlobs } from './blobs.ts';
import { isConflict } from './counters.ts';
import { deleteTasks } from './delete-tasks.ts';
import { isDone } from './job.ts';
import { JobStore } from './job-store.ts';
import { type Log, line } from './log.ts';
import { type ListedJob, RecentJobs } from './recent-jobs.ts';
import type { Storage } from './storage.ts';

/** One run ends after so long, well before the host would end it; the next goes on. */
const maxRunMs = 5 * 60_000;
/** How long the answers to requests with an Idempotency-Key are good. */
export const answerLifetimeMs = 24 * 3600_000;
const tasksAPortion = 1000;
const blobsAtOnce = 16;

/**
 * Deletes jobs `retentionMs` after they were handed in, with tasks, images and results; uploads, and blobs that belong to
 * nothing any more, after twice that. Whatever it leaves for lack of time, the next run takes.
 */
export async function cleanUp(storage: Storage, retentionMs: number, log: Log, now = Date.now()): Promise<void> {
  const deadline = Date.now() + maxRunMs;
  const isOver = () => Date.now() > deadline;
  const jobs = await deleteJobs(storage, new Date(now - retentionMs), new Date(now - 2 * retentionMs), isOver);
  await new RecentJobs(storage).forgetWorkBefore(new Date(now - retentionMs));
  await forgetRequests(storage, new Date(now - answerLifetimeMs));
  const old = new Date(now - 2 * retentionMs);
  const answered = new Date(now - answerLifetimeMs);
  const blobs =
    (await deleteOld(storage.inputs, 'uploads/', old, isOver)) +
    (await deleteOld(storage.inputs, 'tasks/', old, isOver)) +
    (await deleteOld(storage.inputs, 'jobs/', old, isOver)) +
    (await deleteOld(storage.inputs, 'requests/', answered, isOver)) +
    (await deleteOld(storage.results, '', old, isOver));
  log.info(line('cleaned-up', { jobs, blobs, more: isOver() }));
}

async function deleteJobs(storage: Storage, before: Date, atAnyRate: Date, isOver: () => boolean): Promise<number> {
  let deleted = 0;
  for await (const listed of new RecentJobs(storage).createdBefore(before)) {
    if (isOver()) break;
    if (await deleteJob(storage, listed, atAnyRate)) deleted++;
  }
  return deleted;
}

/** The entry in the list goes last, so that a run that breaks off is made good by the next. */
async function deleteJob(storage: Storage, listed: ListedJob, atAnyRate: Date): Promise<boolean> {
  const job = await new JobStore(storage).get(listed.id);
  // A backlog may be longer than the retention.
  if (job && !isDone(job) && job.createdAt > atAnyRate) return false;
  while (!(await deleteTasks(storage, listed.id, tasksAPortion)));
  await new RecentJobs(storage).removeAt(listed);
  return true;
}

async function forgetRequests({ callers }: Storage, before: Date): Promise<void> {
  const filter = odata`RowKey ge 'request-' and RowKey lt 'request.' and createdAt lt ${before}`;
  for await (const { partitionKey, rowKey } of callers.listEntities({ queryOptions: { filter } })) {
    await callers.deleteEntity(partitionKey as string, rowKey as string).catch((error) => {
      if (!isConflict(error)) throw error;
    });
  }
}

async function deleteOld(container: ContainerClient, prefix: string, before: Date, isOver: () => boolean) {
  let deleted = 0;
  let batch: string[] = [];
  const flush = async () => {
    await forEachLimit(batch, blobsAtOnce, (name) => deleteBlob(container, name));
    deleted += batch.length;
    batch = [];
  };
  for await (const { name, lastModified } of listBlobs(container, prefix)) {
    if (isOver()) break;
    if (lastModified < before) batch.push(name);
    if (batch.length === tasksAPortion) await flush();
  }
  await flush();
  return deleted;
}
