/**
 * From a job's beginning until every task is done: its end is noted and told, once, by the process that ends its last task
 * (`JobEnds`) or, where that died, by the timer, which also puts back a step that was lost with its instance. A job that is
 * to be looked at has a row in table `due`, and no message.
 */

import { jobLogEntry, type Log } from '../log.ts';
import { isDone, type StoredJob } from '../model/job.ts';
import { putBackLostStep } from '../recovery/lost-commands.ts';
import { type DueRow, DueRows } from '../storage/due-rows.ts';
import { JobStore } from '../storage/job-store.ts';
import { partitionsOf } from '../storage/partitions.ts';
import { enqueueCallback } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';

/** Soon after something has happened to the job, then ever less often. */
const lookMs = { first: 5000, last: 30_000, growth: 0.3 };

/** Has the timer look at the job until it is done. Called for a job that is looked at already, it does no harm. */
export async function startWatch(storage: Storage, jobId: string): Promise<void> {
  await new DueRows(storage).add('watch', { id: jobId }, new Date(Date.now() + lookMs.first));
}

/**
 * To be called when all tasks of the job may be done. If they are, notes the job's end and has it told; of several who do so
 * at once, one does. Gives the job; null where it is gone.
 */
export async function endJobIfDone(storage: Storage, jobId: string, log: Log): Promise<StoredJob | null> {
  const found = await new JobStore(storage).get(jobId);
  if (!found || !isOver(found) || found.finishedAt || !found.expansion) return found;
  const finishedAt = new Date();
  const now = await new JobStore(storage).amend(jobId, (now) =>
    now.finishedAt || !isOver(now) ? null : { finishedAt },
  );
  // The very object: another process may have noted the same millisecond.
  if (now?.finishedAt === finishedAt) {
    log.info(jobLogEntry('job-done', now, { counts: now.counts }));
    if (now.callback) await enqueueCallback(storage.callbackQueue, { id: jobId, attempt: 1 });
  }
  return now;
}

/** Whether nothing more happens to the job. */
function isOver(job: StoredJob): boolean {
  return isDone(job) && !job.sweep;
}

/** The timer's look. */
export async function watchJob(storage: Storage, row: DueRow, silentMs: number, log: Log): Promise<void> {
  const rows = new DueRows(storage);
  const job = await endJobIfDone(storage, row.id, log);
  if (!job || isOver(job)) {
    const untoldSince = job?.callback?.attempts === 0 ? job.finishedAt : null;
    // The first attempt may only be waiting for its turn; whoever was to send its message may have died.
    if (untoldSince && Date.now() - untoldSince.getTime() < silentMs)
      return rows.move(row, new Date(untoldSince.getTime() + silentMs));
    if (untoldSince) await enqueueCallback(storage.callbackQueue, { id: row.id, attempt: 1 });
    return rows.remove(row);
  }
  for (const partition of partitionsOf(job)) await storage.counters.fold(partition);
  await putBackLostStep(storage, job, silentMs, log);
  await rows.move(row, new Date(Date.now() + watchDelay(job, Date.now(), silentMs)));
}

/** Milliseconds until the timer's next look. */
export function watchDelay(job: StoredJob, now: number, silentMs: number): number {
  const beingMade = job.expansion !== null && job.expansion.enqueued !== job.total;
  const quietMs = now - (beingMade ? job.createdAt : job.touchedAt).getTime();
  const last = Math.min(lookMs.last, silentMs / 2);
  return Math.max(Math.min(lookMs.first, last), Math.min(last, quietMs * lookMs.growth));
}
