/** The timer's look at an open job: it notes an end that nobody else has noted, and puts back a command that was lost. */

import { endJobIfDone, firstLookMs, isOver } from '../jobs/job-end.ts';
import type { StoredJob } from '../model/job.ts';
import type { DueRow } from '../storage/due-rows.ts';
import { enqueueCallback } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { putBackLostStep } from './lost-commands.ts';

/** Soon after something has happened to the job, then ever less often. */
const lookMs = { first: firstLookMs, last: 30_000, growth: 0.3 };

/** The timer's look. */
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
  await putBackLostStep(storage, job, silentMs);
  await rows.move(row, new Date(Date.now() + watchDelay(job, Date.now(), silentMs)));
}

/** Milliseconds until the timer's next look. */
export function watchDelay(job: StoredJob, now: number, silentMs: number): number {
  const beingMade = job.expansion !== null && job.expansion.enqueued !== job.total;
  const quietMs = now - (beingMade ? job.createdAt : job.touchedAt).getTime();
  const last = Math.min(lookMs.last, silentMs / 2);
  return Math.max(Math.min(lookMs.first, last), Math.min(last, quietMs * lookMs.growth));
}
