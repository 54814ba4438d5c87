/** What the owner of a job or task can do to it: the part that is done at once; queue `job-commands` does the rest. */

import { log } from '../log.ts';
import { parseTaskId } from '../model/ids.ts';
import { isDone, type Job, type JobRecord, jobState, type StoredJob, type Sweep } from '../model/job.ts';
import { jobLogEntry, taskLogEntry } from '../model/log-entries.ts';
import type { Callback, StoredTask } from '../model/task.ts';
import { problem } from '../problems.ts';
import { enqueueJobCommand, enqueueTask } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { deleteTasks } from '../tasks/delete-tasks.ts';
import { newCallback, resetForRetry } from '../tasks/submit-task.ts';
import { startWatch } from './job-end.ts';
import { backlogEntryOf } from './next-command.ts';

/** So many tasks are deleted while the caller waits. */
const tasksDeletedAtOnce = 500;

/**
 * From now on no task of the job begins; open ones end as Canceled one after the other. Throws `not-allowed-now` where all
 * are done already; a job that was canceled before is left as it is.
 */
export async function cancelJob(storage: Storage, job: StoredJob): Promise<void> {
  const canceledAt = new Date();
  const now = await storage.jobs.amendCounted(job.id, (now) =>
    now.canceledAt || isDone(now) ? null : { canceledAt, sweep: newSweep('cancel') },
  );
  if (!now) return;
  if (!now.canceledAt) throw notAllowedNow(now, 'be canceled');
  if (!isDone(now) || now.sweep) await startWatch(storage, job.id);
  // Called again, it sends nothing again: the timer looks after a message that was lost.
  if (now.canceledAt !== canceledAt) return;
  await storage.backlog.remove({ jobId: job.id });
  await enqueueJobCommand(storage.commandQueue, { jobId: job.id, kind: 'cancel' });
  log.info(jobLogEntry('job-canceled', now, { counts: now.counts }));
}

/**
 * Requeues the failed tasks; whoever was told of the job's end is told again. Called again meanwhile, it goes through the
 * tasks once more. Throws `not-allowed-now` for a job that was canceled or could not be expanded.
 */
export async function retryJob(storage: Storage, job: StoredJob): Promise<void> {
  let begun = false;
  const now = await storage.jobs.amendCounted(job.id, (now) => {
    begun = false;
    if (now.canceledAt || now.error || now.counts.Failed === 0) return null;
    if (now.sweep) return { sweep: { ...now.sweep, after: -1 } };
    begun = true;
    return { ...reopened(now), sweep: newSweep('retry') };
  });
  if (!now) return;
  if (now.canceledAt || now.error) throw notAllowedNow(now, 'be retried');
  if (now.sweep) await startWatch(storage, job.id);
  if (!begun) return;
  await storage.backlog.add(backlogEntryOf(now));
  await enqueueJobCommand(storage.commandQueue, { jobId: job.id, kind: 'dispatch' });
  log.info(jobLogEntry('job-retried', now, { counts: now.counts }));
}

function newSweep(kind: Sweep['kind']): Sweep {
  return { kind, after: -1, batch: [], lease: null };
}

/** Its end is to be noted, and told, anew. */
function reopened({ finishedAt, callback }: JobRecord): Partial<Job> {
  return finishedAt ? { finishedAt: null, callback: resetCallback(callback) } : {};
}

function notAllowedNow(job: StoredJob, what: string) {
  const state = jobState(job);
  return problem('not-allowed-now', `The job is ${state}: it cannot ${what}.`, { state });
}

/** To be told anew. */
function resetCallback(callback: Callback | null): Callback | null {
  return callback && newCallback(callback.url);
}

/** Requeues a task that has failed or was canceled. Throws `TaskConflictError` where it has not, or changes meanwhile. */
export async function retryTask(storage: Storage, task: StoredTask): Promise<StoredTask> {
  const queued = await storage.tasks.apply(task, 'retry', {
    ...resetForRetry,
    callback: resetCallback(task.callback),
  });
  if (task.inJob) await retriedInJob(storage, task);
  await enqueueTask(storage, task);
  log.info(taskLogEntry('task-retried', queued));
  return queued;
}

/** The job is not done any more, and somebody has to look when it is. */
async function retriedInJob(storage: Storage, task: StoredTask): Promise<void> {
  const jobId = parseTaskId(task.id)?.jobId as string;
  await storage.jobs.amend(jobId, (now) => (now.finishedAt ? reopened(now) : null));
  await startWatch(storage, jobId);
}

/** The job is gone from the lists at once, and its tasks too if there are not very many. */
export async function deleteJob(storage: Storage, job: StoredJob): Promise<void> {
  // The expansion stops, and so do instances.
  await storage.jobs.amend(job.id, (now) => ({
    canceledAt: now.canceledAt ?? new Date(),
    sweep: newSweep('delete'),
  }));
  await Promise.all([storage.ownerIndex.remove(job), storage.backlog.remove({ jobId: job.id })]);
  if (!(await deleteTasks(storage, job, tasksDeletedAtOnce))) {
    await startWatch(storage, job.id);
    await enqueueJobCommand(storage.commandQueue, { jobId: job.id, kind: 'delete' });
  }
  log.info(jobLogEntry('job-deleted', job));
}

/** Deletes a job by its only task. Throws `not-allowed-now` for one of several: a job's counts stay exact. */
export async function deleteTask(storage: Storage, task: StoredTask): Promise<void> {
  if (task.inJob) throw problem('not-allowed-now', 'The task belongs to a job. Delete the job instead.');
  const { jobId } = parseTaskId(task.id) as { jobId: string };
  const job = await storage.jobs.get(jobId);
  if (job) await deleteJob(storage, job);
}
