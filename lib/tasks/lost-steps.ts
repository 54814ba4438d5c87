import { isDone, type StoredJob } from './job.ts';
import { JobStore } from './job-store.ts';
import { type Log, line } from './log.ts';
import { enqueueJobStep, type JobStep } from './queue.ts';
import { aliveWorkers } from './stats.ts';
import type { Storage } from './storage.ts';

/**
 * Guards a job from its beginning until it is seen to be done: an instance may have taken the message of the job's next
 * step to its death before it could say so, and the queue would hide that for ten minutes. Such a step gets another one.
 */
export async function guardJob(storage: Storage, jobId: string, silentMs: number, log: Log): Promise<void> {
  const job = await new JobStore(storage).get(jobId);
  if (!job || job.finishedAt) return;
  const step = nextStep(job);
  if (step && +job.touchedAt < Date.now() - silentMs && (await isLost(storage, jobId, step))) {
    await enqueueJobStep(storage.jobQueue, { jobId, step });
    log.warn(line('job-step-put-back', { job: jobId, step }));
  }
  await enqueueGuard(storage, jobId, silentMs);
}

export async function enqueueGuard({ jobQueue }: Storage, jobId: string, silentMs: number): Promise<void> {
  await enqueueJobStep(jobQueue, { jobId, step: 'guard' }, silentMs / 2);
}

/** Null while it is the tasks that bring the job on. */
function nextStep(job: StoredJob): JobStep['step'] | null {
  if (isDone(job)) return 'watch';
  if (job.cancelledAt) return 'cancel';
  const { expansion, total } = job;
  return expansion && expansion.enqueued !== total ? 'expand' : null;
}

/** Nobody alive is at the step, and it is not among messages that wait. */
async function isLost(storage: Storage, jobId: string, wanted: JobStep['step']): Promise<boolean> {
  const workers = await aliveWorkers(storage);
  if (workers.some(({ jobSteps }) => jobSteps.some((one) => one.jobId === jobId && one.step === wanted))) return false;
  return (await storage.jobQueue.peekMessages()).peekedMessageItems.length === 0;
}
