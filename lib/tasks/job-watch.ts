/**
 * Looks at a job from its beginning until every task is done: notes its end, has those told who want to know, and puts back
 * a step that was lost with its instance. Each job has one watch, a row; a message that does not match the row does nothing.
 */
import { isDone, type StoredJob } from './job.ts';
import { JobStore } from './job-store.ts';
import { jobLine, type Log, line } from './log.ts';
import { putBackLostStep } from './lost-steps.ts';
import { enqueueCallback, enqueueJobStep, type JobStep } from './queue.ts';
import type { Storage } from './storage.ts';
import { Watches } from './watches.ts';

/** Soon after something has happened to the job, then ever less often. */
const lookMs = { first: 1000, last: 15_000, growth: 0.3 };

/** Begins to watch the job, unless it is watched already. A watch without its message is found by `putBackLostWatches`. */
export async function startWatch(storage: Storage, jobId: string): Promise<void> {
  const due = new Date(Date.now() + lookMs.first);
  if (await new Watches(storage).add(jobId, due)) await enqueueWatch(storage, jobId, due);
}

/** Has the job looked at now, because all its tasks may be done. The end is noted by the watch alone, so that it is told once. */
export async function hastenWatch(storage: Storage, jobId: string): Promise<void> {
  const watches = new Watches(storage);
  const watched = await watches.get(jobId);
  const due = new Date();
  if (watched && (await watches.move(watched, due))) await enqueueWatch(storage, jobId, due);
}

/** The look that a message asks for. */
export async function watchJob(storage: Storage, { jobId, due }: JobStep, silentMs: number, log: Log): Promise<void> {
  const watches = new Watches(storage);
  const watched = await watches.get(jobId);
  if (!watched || due < watched.due.getTime()) return;
  const job = await new JobStore(storage).get(jobId);
  if (!job || (await finishJob(storage, job, log))) {
    await watches.remove(jobId);
    // Retried in this very moment: whoever did so found the watch still there.
    const now = await new JobStore(storage).get(jobId);
    if (now && !isDone(now)) await startWatch(storage, jobId);
    return;
  }
  await putBackLostStep(storage, job, silentMs, log);
  const next = new Date(Date.now() + watchDelay(job, Date.now(), silentMs));
  if (await watches.move(watched, next)) await enqueueWatch(storage, jobId, next);
}

/** Milliseconds until the next look. */
export function watchDelay(job: StoredJob, now: number, silentMs: number): number {
  const beingMade = job.expansion !== null && job.expansion.enqueued !== job.total;
  const quietMs = now - (beingMade ? job.createdAt : job.touchedAt).getTime();
  const last = Math.min(lookMs.last, silentMs / 2);
  return Math.max(Math.min(lookMs.first, last), Math.min(last, quietMs * lookMs.growth));
}

/** Notes the end of a job whose tasks are all done, and has it told. Whether there is no more to do. */
async function finishJob(storage: Storage, job: StoredJob, log: Log): Promise<boolean> {
  if (!isDone(job) || job.sweep) return false;
  // A job of one task is done when that is, and has no callback of its own.
  if (!job.expansion) return true;
  if (!job.finishedAt) {
    const finishedAt = new Date();
    const isOpen = (now: StoredJob) => now.finishedAt !== null || now.sweep !== null || !isDone(now);
    const now = await new JobStore(storage).amend(job.id, (now) => (isOpen(now) ? null : { finishedAt }));
    if (now?.finishedAt === finishedAt) log.info(jobLine('job-done', now, { counts: now.counts }));
    if (now && !now.finishedAt) return false;
  }
  // An attempt on record has messages of its own.
  if (job.callback?.attempts === 0) await enqueueCallback(storage.callbackQueue, { id: job.id, attempt: 1 });
  return true;
}

/** Gives watches another message whose own was taken by an instance that died, or never sent. */
export async function putBackLostWatches(storage: Storage, silentMs: number, log: Log): Promise<void> {
  const watches = new Watches(storage);
  const lost = await Array.fromAsync(watches.dueBefore(new Date(Date.now() - silentMs)));
  // They may only be waiting for their turn.
  if (lost.length === 0 || (await storage.jobQueue.peekMessages()).peekedMessageItems.length > 0) return;
  for (const watched of lost) {
    const due = new Date();
    if (!(await watches.move(watched, due))) continue;
    await enqueueWatch(storage, watched.jobId, due);
    log.warn(line('job-step-put-back', { job: watched.jobId, step: 'watch' }));
  }
}

async function enqueueWatch({ jobQueue }: Storage, jobId: string, due: Date): Promise<void> {
  const delay = Math.max(0, due.getTime() - Date.now());
  await enqueueJobStep(jobQueue, { jobId, step: 'watch', due: due.getTime() }, delay);
}
