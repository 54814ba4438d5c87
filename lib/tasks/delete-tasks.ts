import type { StoredTask } from '../model/task.ts';
import { jobListBlob, taskFolder } from '../storage/blob-names.ts';
import { forEachLimit } from '../storage/for-each-limit.ts';
import { blockTasks, type JobExtent } from '../storage/partitions.ts';
import type { Storage } from '../storage/storage.ts';

const blobsAtOnce = 16;

/** Deletes the rows of a job, and the blobs they speak of first; after `limit` tasks it stops. Whether nothing is left. */
export async function deleteTasks(storage: Storage, job: JobExtent, limit: number): Promise<boolean> {
  let batch: StoredTask[] = [];
  let seen = 0;
  const flush = async () => {
    const tasks = batch;
    batch = [];
    await forEachLimit(tasks, blobsAtOnce, (task) => deleteTraces(storage, task));
    if (tasks.length > 0) await storage.tasks.deleteAll(tasks);
  };
  for await (const task of storage.tasks.list(job, { limit })) {
    seen++;
    batch.push(task);
    if (batch.length === blockTasks) await flush();
  }
  await flush();
  if (seen === limit) return false;
  await storage.inputs.deleteAll(`tasks/${job.id}/`);
  await storage.inputs.delete(jobListBlob(job.id));
  await storage.jobs.delete(job);
  return true;
}

async function deleteTraces(storage: Storage, { id, owner, cacheKey }: StoredTask): Promise<void> {
  await storage.results.deleteAll(taskFolder(id));
  if (cacheKey !== null) await storage.ownerIndex.forgetWork(owner, cacheKey, id);
}
