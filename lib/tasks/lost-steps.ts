/** Steps of jobs whose instance has died, or is about to end: they go to another, once. */

import { isDone, type StoredJob } from './job.ts';
import { isHeld, type Lease } from './job-lease.ts';
import { JobConflictError, JobStore } from './job-store.ts';
import { type Log, line } from './log.ts';
import { enqueueJobStep, type JobStep, jobStepIn } from './queue.ts';
import type { Storage } from './storage.ts';
import { Workers } from './workers.ts';

/** So many messages can be looked at without taking them. */
export const maxPeeked = 32;

/** The step that brings the job on; null while it is the tasks that do. */
export function nextStep(job: StoredJob): JobStep['step'] | null {
  if (job.sweep) return job.sweep.step;
  const { expansion, total } = job;
  return !isDone(job) && !job.cancelledAt && !job.error && expansion && expansion.enqueued !== total ? 'expand' : null;
}

/** Who carries out the job's next step. */
export function leaseOf({ sweep, expansion }: StoredJob): Lease | null {
  return sweep ? sweep.lease : (expansion?.lease ?? null);
}

/**
 * Gives the job's next step another message where its own is lost: whoever carried it out has died or lets it lie, or
 * nobody has, and no message waits. Of several who find that, one does it.
 */
export async function putBackLostStep(storage: Storage, job: StoredJob, silentMs: number, log: Log): Promise<boolean> {
  const step = nextStep(job);
  if (!step || !(await isLost(storage, job, step, silentMs))) return false;
  if (!(await release(storage, job))) return false;
  await enqueueJobStep(storage.jobQueue, { jobId: job.id, step });
  log.warn(line('job-step-put-back', { job: job.id, step }));
  return true;
}

async function isLost(storage: Storage, job: StoredJob, step: JobStep['step'], silentMs: number): Promise<boolean> {
  const lease = leaseOf(job);
  const workers = new Workers(storage.workers);
  const since = new Date(Date.now() - silentMs);
  if (lease) {
    const alive = await workers.whoIsAlive([lease.instance], since);
    return !isHeld(lease, Date.now(), (id) => alive.has(id));
  }
  if (+job.touchedAt >= +since) return false;
  for await (const { jobSteps } of workers.aliveSince(since))
    if (jobSteps.some((one) => one.jobId === job.id && one.step === step)) return false;
  return !(await mayWait(storage, job.id, step));
}

/** Whether a message of the step is in the queue, as far as one can see. */
async function mayWait({ jobQueue }: Storage, jobId: string, step: JobStep['step']): Promise<boolean> {
  const { peekedMessageItems } = await jobQueue.peekMessages({ numberOfMessages: maxPeeked });
  const steps = peekedMessageItems.map(({ messageText }) => jobStepIn(bodyOf(messageText)));
  return steps.length === maxPeeked || steps.some((one) => one?.jobId === jobId && one.step === step);
}

/** What a message says; null where it is none of ours. */
export function bodyOf(messageText: string): unknown {
  try {
    return JSON.parse(Buffer.from(messageText, 'base64').toString());
  } catch {
    return null;
  }
}

/** Ends the lease on the job's next step, and shows that someone has seen to it. False where the job has changed meanwhile. */
async function release(storage: Storage, job: StoredJob): Promise<boolean> {
  const { sweep, expansion } = job;
  const changes = sweep
    ? { sweep: { ...sweep, lease: null } }
    : { expansion: expansion && { ...expansion, lease: null } };
  try {
    await new JobStore(storage).update(job, changes);
    return true;
  } catch (error) {
    if (!(error instanceof JobConflictError)) throw error;
    return false;
  }
}

/** Puts back the step that a dead instance had. */
export async function reassignStep(
  storage: Storage,
  { jobId, step }: JobStep,
  worker: string,
  silentMs: number,
  log: Log,
): Promise<void> {
  const job = await new JobStore(storage).get(jobId);
  if (!job || step !== nextStep(job)) return;
  if (await putBackLostStep(storage, job, silentMs, log))
    log.warn(line('job-step-reassigned', { job: jobId, step, worker }));
}

/** Gives the steps that an instance carries out to others, because it is about to end. Whether all of them. */
export async function handBackSteps(
  storage: Storage,
  steps: readonly JobStep[],
  instance: string,
  log: Log,
): Promise<boolean> {
  const given = await Promise.all(
    steps.map(async (step) => {
      const facts = { job: step.jobId, step: step.step, worker: instance };
      try {
        if (!(await handBack(storage, step, instance))) return true;
        log.info(line('job-step-handed-back', facts));
        return true;
      } catch (error) {
        // The others will notice that the instance is silent.
        log.warn(line('job-step-not-handed-back', { ...facts, error: (error as Error).message }));
        return false;
      }
    }),
  );
  return given.every(Boolean);
}

/** Whether there was something to give. */
async function handBack(storage: Storage, step: JobStep, instance: string): Promise<boolean> {
  const job = await new JobStore(storage).get(step.jobId);
  if (!job || nextStep(job) !== step.step) return false;
  const lease = leaseOf(job);
  if (lease && lease.instance !== instance) return false;
  if (!(await release(storage, job))) return false;
  await enqueueJobStep(storage.jobQueue, step);
  return true;
}
