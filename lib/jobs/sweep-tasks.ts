/** What is done to all tasks of a job, one batch after the other; the checkpoint is a part of the job's row. */

import { log } from '../log.ts';
import { parseTaskId, taskIdOf } from '../model/ids.ts';
import type { JobRecord, Sweep } from '../model/job.ts';
import { type Instance, isHeld, type Lease, newLease, renewed } from '../model/lease.ts';
import { taskLogEntry } from '../model/log-entries.ts';
import { isFinal, type TaskEvent } from '../model/states.ts';
import type { StoredTask, Task } from '../model/task.ts';
import { forEachLimit } from '../storage/for-each-limit.ts';
import { blockTasks } from '../storage/partitions.ts';
import { enqueueTask } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { byBlock, TaskConflictError, type TaskStore } from '../storage/task-store.ts';
import { resetForRetry } from '../tasks/submit-task.ts';

const tasksAtOnce = 16;

type SweepKind = Extract<Sweep['kind'], 'cancel' | 'retry'>;

export interface SweepOptions {
  instance: Instance;
  leaseMs: number;
  /** So many tasks are gone through, then it is another job's turn. */
  maxTasks: number;
}

/**
 * Cancels open tasks of the job, or requeues failed ones. `done` at the end; `more` where another run is to go on; `held` where
 * another run has the lease, or the sweep is over.
 */
export async function sweepTasks(
  storage: Storage,
  jobId: string,
  kind: SweepKind,
  { instance, leaseMs, maxTasks }: SweepOptions,
): Promise<'done' | 'more' | 'held'> {
  const lease = newLease(instance.id, leaseMs);
  const claimed = await claim(storage, jobId, kind, lease, leaseMs);
  if (!claimed) return 'held';
  const { job } = claimed;
  let { sweep } = claimed;
  if (sweep.batch.length > 0) await requeue(storage, await tasksOf(storage, jobId, sweep.batch));
  for (let left = maxTasks; ; ) {
    const paused = left <= 0 || instance.stopping.aborted;
    const tasks = paused ? [] : await nextTasks(storage, job, sweep, Math.min(left, blockTasks));
    left -= tasks.length;
    const finished = !paused && tasks.length === 0;
    const next: Sweep = {
      ...sweep,
      after: tasks.length > 0 ? indexOf(tasks[tasks.length - 1]) : sweep.after,
      batch: kind === 'retry' ? tasks.map(indexOf) : [],
      lease: paused ? null : renewed(lease, leaseMs),
    };
    // A canceled batch is done again where it is broken off; a retried one is noted before it begins.
    if (kind === 'cancel' && tasks.length > 0) await cancelAll(storage, tasks);
    const moved = await advance(storage, jobId, lease, sweep, finished ? null : next);
    if (moved === 'lost') return 'held';
    if (moved === null) return 'done';
    if (kind === 'retry' && moved.batch.length > 0) await requeue(storage, tasks);
    if (paused) return 'more';
    sweep = moved;
  }
}

/** Takes the lease; null where the sweep is over, or another run has it. */
async function claim(
  storage: Storage,
  jobId: string,
  kind: SweepKind,
  lease: Lease,
  leaseMs: number,
): Promise<{ job: JobRecord; sweep: Sweep } | null> {
  let alive = new Set<string>();
  const mayTake = ({ sweep }: JobRecord) =>
    sweep?.kind === kind && !isHeld(sweep.lease, Date.now(), (id) => alive.has(id));
  const store = storage.jobs;
  const holder = (await store.find(jobId))?.sweep?.lease;
  if (holder) alive = await storage.instances.whoIsAlive([holder.instance], new Date(Date.now() - leaseMs));
  const job = await store.amend(jobId, (now) => (mayTake(now) ? { sweep: { ...(now.sweep as Sweep), lease } } : null));
  return job?.sweep?.lease?.run === lease.run ? { job, sweep: job.sweep } : null;
}

/**
 * Writes the checkpoint. Where the sweep was begun anew meanwhile, its place is kept. Null where the sweep is over; `lost`
 * where another one has taken its place, or another run the lease.
 */
async function advance(
  storage: Storage,
  jobId: string,
  lease: Lease,
  from: Sweep,
  to: Sweep | null,
): Promise<Sweep | 'lost' | null> {
  let written: Sweep | 'lost' | null = 'lost';
  await storage.jobs.amend(jobId, ({ sweep }) => {
    written = 'lost';
    if (sweep?.lease?.run !== lease.run) return null;
    written = sweep.after === from.after ? to : { ...sweep, batch: [] };
    return { sweep: written };
  });
  return written;
}

async function nextTasks(
  storage: Storage,
  job: JobRecord,
  { kind, after }: Sweep,
  limit: number,
): Promise<StoredTask[]> {
  const store = storage.tasks;
  if (kind === 'retry') return Array.fromAsync(store.list(job, { state: 'Failed', after, limit }));
  const open: StoredTask[] = [];
  for await (const task of store.list(job, { after, limit: Number.MAX_SAFE_INTEGER })) {
    if (!isFinal(task.state)) open.push(task);
    if (open.length === limit) break;
  }
  return open;
}

async function tasksOf(storage: Storage, jobId: string, indices: number[]): Promise<StoredTask[]> {
  const store = storage.tasks;
  const tasks: StoredTask[] = [];
  await forEachLimit(indices, tasksAtOnce, async (index) => {
    const task = await store.get(taskIdOf(jobId, index));
    if (task) tasks.push(task);
  });
  return tasks;
}

function indexOf({ id }: StoredTask): number {
  return parseTaskId(id)?.index as number;
}

/** Those that someone else brought to their end stay as they are. */
export async function cancelAll(storage: Storage, tasks: StoredTask[]): Promise<void> {
  const canceled = await applyToAll(storage, tasks, 'cancel', { finishedAt: new Date() });
  for (const task of canceled) log.info(taskLogEntry('task-canceled', task));
}

/** Of a batch that was broken off, some may have been requeued, and some of those without a message. */
async function requeue(storage: Storage, tasks: StoredTask[]): Promise<void> {
  const failed = tasks.filter(({ state }) => state === 'Failed');
  const retried = failed.length > 0 ? await applyToAll(storage, failed, 'retry', resetForRetry) : [];
  for (const task of retried) log.info(taskLogEntry('task-retried', task));
  const queued = [...retried, ...tasks.filter(({ state }) => state === 'Queued')];
  await forEachLimit(queued, tasksAtOnce, (task) => enqueueTask(storage, task));
}

async function applyToAll(
  storage: Storage,
  tasks: StoredTask[],
  event: TaskEvent,
  changes: Partial<Task>,
): Promise<StoredTask[]> {
  const store = storage.tasks;
  const changed: StoredTask[] = [];
  for (const block of byBlock(tasks)) changed.push(...(await applyToBlock(store, block, event, changes)));
  return changed;
}

/** All at once or, where one of them has changed meanwhile, each by itself, if it still can. */
async function applyToBlock(
  store: TaskStore,
  tasks: StoredTask[],
  event: TaskEvent,
  changes: Partial<Task>,
): Promise<StoredTask[]> {
  try {
    return await store.applyAll(tasks, event, changes);
  } catch (error) {
    if (!(error instanceof TaskConflictError)) throw error;
    const changed: StoredTask[] = [];
    await forEachLimit(tasks, tasksAtOnce, async ({ id }) => {
      const one = await applyToOne(store, id, event, changes);
      if (one) changed.push(one);
    });
    return changed;
  }
}

/** Null where the task is gone, or someone else brought it to its end. */
async function applyToOne(store: TaskStore, taskId: string, event: TaskEvent, changes: Partial<Task>) {
  for (;;) {
    const task = await store.get(taskId);
    try {
      return task && (await store.apply(task, event, changes));
    } catch (error) {
      if (!(error instanceof TaskConflictError)) throw error;
      // The state itself does not allow the event.
      if (error.cause === undefined) return null;
    }
  }
}
