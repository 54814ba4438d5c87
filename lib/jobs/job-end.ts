/**
 * The end of a job. It is noted and told once: by the process that ends its last task (`JobEnds`) or, where that died, by
 * the timer (`lib/recovery/watch-job.ts`). A job that is to be checked has a row in table `due`, and no message.
 */

import { log } from '../log.ts';
import { parseTaskId, taskIdOf } from '../model/ids.ts';
import { isDone, type StoredJob } from '../model/job.ts';
import { jobLogEntry } from '../model/log-entries.ts';
import type { Task } from '../model/task.ts';
import { enqueueCallback } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';

/** The delay of the timer's first check of a job, in milliseconds. */
export const firstCheckMs = 5000;

/** Lets the timer check the job until it is done. Has no effect on a job that is being checked already. */
export async function startWatch(storage: Storage, jobId: string): Promise<void> {
  await storage.due.add('watch', { id: jobId }, new Date(Date.now() + firstCheckMs));
}

/**
 * To be called when all tasks of the job may be done. If they are, notes the job's end and has it told; of several who do so
 * at once, one does. Gives the job; null where it is gone.
 */
export async function endJobIfDone(storage: Storage, jobId: string): Promise<StoredJob | null> {
  const found = await storage.jobs.get(jobId);
  if (!found || !isOver(found) || found.finishedAt || !found.expansion) return found;
  const finishedAt = new Date();
  const now = await storage.jobs.amendCounted(jobId, (now) => (now.finishedAt || !isOver(now) ? null : { finishedAt }));
  // The very object: another process may have noted the same millisecond.
  if (now?.finishedAt === finishedAt) {
    log.info(jobLogEntry('job-finished', now, { counts: now.counts }));
    if (now.callback) await enqueueCallback(storage.callbackQueue, { id: jobId, attempt: 1 });
  }
  return now;
}

/** Whether nothing more happens to the job. */
export function isOver(job: StoredJob): boolean {
  return isDone(job) && !job.sweep;
}

/** As `endJobIfDone`, of the job that the task is one of, where it is one of several. */
export async function endJobOf(storage: Storage, { id, inJob }: Task): Promise<void> {
  if (inJob) await endJobIfDone(storage, parseTaskId(id)?.jobId as string);
}

/** When the job ended, null while it is open. A job of one task submitted with its image ends with that: nobody notes it on the job. */
export async function finishedAtOf(storage: Storage, job: StoredJob): Promise<Date | null> {
  if (!isDone(job)) return null;
  if (job.expansion) return job.finishedAt;
  return (await storage.tasks.get(taskIdOf(job.id, 0)))?.finishedAt ?? null;
}
