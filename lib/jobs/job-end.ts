import { taskIdOf } from '../model/ids.ts';
import { isDone, type StoredJob } from '../model/job.ts';
import type { Storage } from '../storage/storage.ts';
import { TaskStore } from '../storage/task-store.ts';

/** When the job ended, null while it is open. A job of one task submitted with its image ends with that: nobody notes it on the job. */
export async function finishedAtOf(storage: Storage, job: StoredJob): Promise<Date | null> {
  if (!isDone(job)) return null;
  if (job.expansion) return job.finishedAt;
  return (await new TaskStore(storage).get(taskIdOf(job.id, 0)))?.finishedAt ?? null;
}
