/** Job commands whose instance has died, or is about to stop: another instance runs them, once. */

import { backlogEntryOf, nextCommand } from '../jobs/next-command.ts';
import { line, log } from '../log.ts';
import type { StoredJob } from '../model/job.ts';
import { isHeld, type Lease } from '../model/lease.ts';
import { enqueueJobCommand, type JobCommand, jobCommandIn, maxPeeked } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { ConflictError } from '../storage/table.ts';

/** The lease of the run that carries out the job's next command. */
function leaseOf({ sweep, expansion }: StoredJob): Lease | null {
  return sweep ? sweep.lease : (expansion?.lease ?? null);
}

/**
 * Requeues the job's next command where it is lost: the instance that ran it has died or let its lease expire, or no instance
 * runs it and no message waits. Of several instances that notice, one requeues it.
 */
export async function requeueLostCommand(storage: Storage, job: StoredJob, silentMs: number): Promise<boolean> {
  const kind = nextCommand(job);
  if (!kind || !(await isLost(storage, job, kind, silentMs))) return false;
  if (isDispatched(job, kind)) await storage.backlog.add(backlogEntryOf(job));
  else if (!(await releaseLease(storage, job))) return false;
  await enqueueJobCommand(storage.commandQueue, { jobId: job.id, kind });
  log.warn(line('job-command-requeued', { job: job.id, command: kind }));
  return true;
}

/** Starts the dispatcher again where the instance that ran it has died. */
export async function restartDispatcher(storage: Storage): Promise<void> {
  const backlog = storage.backlog;
  const held = await backlog.lease();
  if (held && isHeld(held.lease, Date.now(), () => true)) return;
  const [first] = await backlog.list();
  if (!first || (await mayWait(storage, first.jobId, 'dispatch'))) return;
  await enqueueJobCommand(storage.commandQueue, { jobId: first.jobId, kind: 'dispatch' });
  log.warn(line('job-command-requeued', { job: first.jobId, command: 'dispatch' }));
}

/** Whether the dispatcher runs the job's next command. */
function isDispatched({ total }: StoredJob, kind: JobCommand['kind']): boolean {
  return kind === 'dispatch' && total !== null;
}

async function isLost(storage: Storage, job: StoredJob, kind: JobCommand['kind'], silentMs: number): Promise<boolean> {
  if (isDispatched(job, kind)) return !(await storage.backlog.has(job.id));
  const lease = leaseOf(job);
  const instances = storage.instances;
  const since = new Date(Date.now() - silentMs);
  if (lease) {
    const alive = await instances.whoIsAlive([lease.instance], since);
    return !isHeld(lease, Date.now(), (id) => alive.has(id));
  }
  if (+job.touchedAt >= +since) return false;
  for await (const { jobCommands } of instances.aliveSince(since))
    if (jobCommands.some((one) => one.jobId === job.id && one.kind === kind)) return false;
  return !(await mayWait(storage, job.id, kind));
}

/** Whether the command's message may be in the queue. True also where the queue is longer than can be peeked. */
async function mayWait({ commandQueue }: Storage, jobId: string, kind: JobCommand['kind']): Promise<boolean> {
  const commands = (await commandQueue.peek(maxPeeked)).map(({ body }) => jobCommandIn(body));
  return commands.length === maxPeeked || commands.some((one) => one?.jobId === jobId && one.kind === kind);
}

/** Ends the lease on the job's next command. False where the job has changed meanwhile. */
async function releaseLease(storage: Storage, job: StoredJob): Promise<boolean> {
  const { sweep, expansion } = job;
  const changes = sweep
    ? { sweep: { ...sweep, lease: null } }
    : { expansion: expansion && { ...expansion, lease: null } };
  try {
    await storage.jobs.update(job, changes);
    return true;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return false;
  }
}

/** Requeues the command that a dead instance ran. */
export async function reassignCommand(
  storage: Storage,
  { jobId, kind }: JobCommand,
  instance: string,
  silentMs: number,
): Promise<void> {
  const job = await storage.jobs.get(jobId);
  if (!job || kind !== nextCommand(job)) return;
  if (await requeueLostCommand(storage, job, silentMs))
    log.warn(line('job-command-reassigned', { job: jobId, command: kind, instance }));
}

/** Requeues the commands that an instance runs, because it is about to stop. Returns whether all could be requeued. */
export async function releaseCommands(
  storage: Storage,
  commands: readonly JobCommand[],
  instance: string,
): Promise<boolean> {
  const released = await Promise.all(
    commands.map(async (command) => {
      const facts = { job: command.jobId, command: command.kind, instance };
      try {
        if (!(await releaseCommand(storage, command, instance))) return true;
        log.info(line('job-command-released', facts));
        return true;
      } catch (error) {
        // The others will notice that the instance is silent.
        log.warn(line('job-command-release-failed', { ...facts, error: (error as Error).message }));
        return false;
      }
    }),
  );
  return released.every(Boolean);
}

/** False where there is nothing to release. */
async function releaseCommand(storage: Storage, command: JobCommand, instance: string): Promise<boolean> {
  const job = await storage.jobs.get(command.jobId);
  // The dispatcher releases its own lease.
  if (!job || nextCommand(job) !== command.kind || isDispatched(job, command.kind)) return false;
  const lease = leaseOf(job);
  if (lease && lease.instance !== instance) return false;
  if (!(await releaseLease(storage, job))) return false;
  await enqueueJobCommand(storage.commandQueue, command);
  return true;
}
