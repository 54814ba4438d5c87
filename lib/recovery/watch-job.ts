/** The timer's check of an open job: it records an end that no other process has recorded, and requeues a lost command. */

import { endJobIfDone, firstCheckMs, isOver } from '../jobs/job-end.ts';
import type { StoredJob } from '../model/job.ts';
import type { DueRow } from '../storage/due-rows.ts';
import { enqueueCallback } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { requeueLostCommand } from './lost-commands.ts';

/** Soon after something has happened to the job, then ever less often. */
const checkMs = { first: firstCheckMs, last: 30_000, growth: 0.3 };

/** Checks the job of a due row, then moves the row to the next check, or removes it. */
export async function watchJob(storage: Storage, row: DueRow, silentMs: number): Promise<void> {
  const rows = storage.due;
  const job = await endJobIfDone(storage, row.id);
  if (!job || isOver(job)) {
    const untoldSince = job?.callback?.attempts === 0 ? job.finishedAt : null;
    // The first attempt may only be waiting for its turn; whoever was to send its message may have died.
    if (untoldSince && Date.now() - untoldSince.getTime() < silentMs)
      return rows.move(row, new Date(untoldSince.getTime() + silentMs));
    if (untoldSince) await enqueueCallback(storage.callbackQueue, { id: row.id, attempt: 1 });
    return rows.remove(row);
  }
  await storage.tasks.foldCounts(job);
  await requeueLostCommand(storage, job, silentMs);
  await rows.move(row, new Date(Date.now() + watchDelay(job, Date.now(), silentMs)));
}

/** Milliseconds until the timer's next check. */
function watchDelay(job: StoredJob, now: number, silentMs: number): number {
  const beingMade = job.expansion !== null && job.expansion.enqueued !== job.total;
  const quietMs = now - (beingMade ? job.createdAt : job.touchedAt).getTime();
  const last = Math.min(checkMs.last, silentMs / 2);
  return Math.max(Math.min(checkMs.first, last), Math.min(last, quietMs * checkMs.growth));
}
