import { forEachLimit } from './batches.ts';
import { deleteBlob, deleteBlobs, deleteResult, jobListBlob } from './blobs.ts';
import { JobStore } from './job-store.ts';
import { RecentJobs } from './recent-jobs.ts';
import type { Storage } from './storage.ts';
import type { StoredTask } from './task.ts';
import { maxTasksAtOnce, TaskStore } from './task-store.ts';

const blobsAtOnce = 16;

/** Deletes the rows of a job, and the blobs they speak of first; after `limit` tasks it stops. Whether nothing is left. */
export async function deleteTasks(storage: Storage, jobId: string, limit: number): Promise<boolean> {
  let batch: StoredTask[] = [];
  let seen = 0;
  const flush = async () => {
    const tasks = batch;
    batch = [];
    await forEachLimit(tasks, blobsAtOnce, (task) => deleteTraces(storage, task));
    if (tasks.length > 0) await new TaskStore(storage).deleteAll(tasks);
  };
  for await (const task of new TaskStore(storage).list(jobId, { limit })) {
    seen++;
    batch.push(task);
    if (batch.length === maxTasksAtOnce) await flush();
  }
  await flush();
  if (seen === limit) return false;
  await deleteBlobs(storage.inputs, `tasks/${jobId}/`);
  await deleteBlob(storage.inputs, jobListBlob(jobId));
  await new JobStore(storage).delete(jobId);
  return true;
}

async function deleteTraces(storage: Storage, { id, owner, workKey }: StoredTask): Promise<void> {
  await deleteResult(storage, id);
  if (workKey !== null) await new RecentJobs(storage).forgetWork(owner, workKey, id);
}
