/** Steps of jobs whose instance has died, or is about to end: they go to another, once. */

import { backlogEntryOf, nextStep } from '../jobs/next-step.ts';
import { line, log } from '../log.ts';
import type { StoredJob } from '../model/job.ts';
import { isHeld, type Lease } from '../model/lease.ts';
import { JobConflictError } from '../storage/job-store.ts';
import { enqueueJobCommand, type JobCommand, jobCommandIn, maxPeeked } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';

/** Who carries out the job's next step. */
export function leaseOf({ sweep, expansion }: StoredJob): Lease | null {
  return sweep ? sweep.lease : (expansion?.lease ?? null);
}

/**
 * Gives the job's next step another message where its own is lost: whoever carried it out has died or lets it lie, or
 * nobody has, and no message waits. Of several who find that, one does it.
 */
export async function putBackLostStep(storage: Storage, job: StoredJob, silentMs: number): Promise<boolean> {
  const step = nextStep(job);
  if (!step || !(await isLost(storage, job, step, silentMs))) return false;
  if (isDispatched(job, step)) await storage.backlog.add(backlogEntryOf(job));
  else if (!(await release(storage, job))) return false;
  await enqueueJobCommand(storage.commandQueue, { jobId: job.id, step });
  log.warn(line('job-command-put-back', { job: job.id, step }));
  return true;
}

/** Has the backlog emptied where the instance that did so has died. */
export async function restartDispatcher(storage: Storage): Promise<void> {
  const backlog = storage.backlog;
  const held = await backlog.lease();
  if (held && isHeld(held.lease, Date.now(), () => true)) return;
  const [first] = await backlog.list();
  if (!first || (await mayWait(storage, first.jobId, 'dispatch'))) return;
  await enqueueJobCommand(storage.commandQueue, { jobId: first.jobId, step: 'dispatch' });
  log.warn(line('job-command-put-back', { job: first.jobId, step: 'dispatch' }));
}

/** Whether the dispatcher looks after the job's next step. */
function isDispatched({ total }: StoredJob, step: JobCommand['step']): boolean {
  return step === 'dispatch' && total !== null;
}

async function isLost(storage: Storage, job: StoredJob, step: JobCommand['step'], silentMs: number): Promise<boolean> {
  if (isDispatched(job, step)) return !(await storage.backlog.has(job.id));
  const lease = leaseOf(job);
  const instances = storage.instances;
  const since = new Date(Date.now() - silentMs);
  if (lease) {
    const alive = await instances.whoIsAlive([lease.instance], since);
    return !isHeld(lease, Date.now(), (id) => alive.has(id));
  }
  if (+job.touchedAt >= +since) return false;
  for await (const { jobCommands } of instances.aliveSince(since))
    if (jobCommands.some((one) => one.jobId === job.id && one.step === step)) return false;
  return !(await mayWait(storage, job.id, step));
}

/** Whether a message of the step is in the queue, as far as one can see. */
async function mayWait({ commandQueue }: Storage, jobId: string, step: JobCommand['step']): Promise<boolean> {
  const commands = (await commandQueue.peek(maxPeeked)).map(({ body }) => jobCommandIn(body));
  return commands.length === maxPeeked || commands.some((one) => one?.jobId === jobId && one.step === step);
}

/** Ends the lease on the job's next step, and shows that someone has seen to it. False where the job has changed meanwhile. */
async function release(storage: Storage, job: StoredJob): Promise<boolean> {
  const { sweep, expansion } = job;
  const changes = sweep
    ? { sweep: { ...sweep, lease: null } }
    : { expansion: expansion && { ...expansion, lease: null } };
  try {
    await storage.jobs.update(job, changes);
    return true;
  } catch (error) {
    if (!(error instanceof JobConflictError)) throw error;
    return false;
  }
}

/** Puts back the step that a dead instance had. */
export async function reassignStep(
  storage: Storage,
  { jobId, step }: JobCommand,
  instance: string,
  silentMs: number,
): Promise<void> {
  const job = await storage.jobs.get(jobId);
  if (!job || step !== nextStep(job)) return;
  if (await putBackLostStep(storage, job, silentMs))
    log.warn(line('job-command-reassigned', { job: jobId, step, instance }));
}

/** Gives the steps that an instance carries out to others, because it is about to end. Whether all of them. */
export async function handBackSteps(
  storage: Storage,
  steps: readonly JobCommand[],
  instance: string,
): Promise<boolean> {
  const given = await Promise.all(
    steps.map(async (step) => {
      const facts = { job: step.jobId, step: step.step, instance: instance };
      try {
        if (!(await releaseOnShutdown(storage, step, instance))) return true;
        log.info(line('job-command-handed-back', facts));
        return true;
      } catch (error) {
        // The others will notice that the instance is silent.
        log.warn(line('job-command-not-handed-back', { ...facts, error: (error as Error).message }));
        return false;
      }
    }),
  );
  return given.every(Boolean);
}

/** Whether there was something to give. */
async function releaseOnShutdown(storage: Storage, step: JobCommand, instance: string): Promise<boolean> {
  const job = await storage.jobs.get(step.jobId);
  // The dispatcher hands itself over.
  if (!job || nextStep(job) !== step.step || isDispatched(job, step.step)) return false;
  const lease = leaseOf(job);
  if (lease && lease.instance !== instance) return false;
  if (!(await release(storage, job))) return false;
  await enqueueJobCommand(storage.commandQueue, step);
  return true;
}
