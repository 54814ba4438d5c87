/** What the owner of a job or task can do to it: the part that is done at once; queue `job-steps` does the rest. */
import { problem } from '../problems.ts';
import { deleteTasks } from './delete-tasks.ts';
import { parseTaskId } from './ids.ts';
import { isDone, type Job, jobState, type StoredJob, type Sweep } from './job.ts';
import { JobStore } from './job-store.ts';
import { startWatch } from './job-watch.ts';
import { jobLine, type Log, taskLine } from './log.ts';
import { enqueueJobStep, enqueueTask } from './queue.ts';
import { RecentJobs } from './recent-jobs.ts';
import type { Storage } from './storage.ts';
import { newCallback, resetForRetry } from './submit.ts';
import type { Callback, StoredTask } from './task.ts';
import { TaskStore } from './task-store.ts';

/** So many tasks are deleted while the caller waits. */
const tasksDeletedAtOnce = 500;

/**
 * From now on no task of the job begins; open ones end as Cancelled one after the other. Throws `not-allowed-now` where all
 * are done already; a job that was cancelled before is left as it is.
 */
export async function cancelJob(storage: Storage, job: StoredJob, log: Log): Promise<void> {
  const cancelledAt = new Date();
  const now = await new JobStore(storage).amend(job.id, (now) =>
    now.cancelledAt || isDone(now) ? null : { cancelledAt, sweep: newSweep('cancel') },
  );
  if (!now) return;
  if (!now.cancelledAt) throw notAllowedNow(now, 'be cancelled');
  if (!isDone(now) || now.sweep) await startWatch(storage, job.id);
  // Called again, it sends nothing again: the timer looks after a message that was lost.
  if (now.cancelledAt !== cancelledAt) return;
  await enqueueJobStep(storage.jobQueue, { jobId: job.id, step: 'cancel' });
  log.info(jobLine('job-cancelled', now, { counts: now.counts }));
}

/**
 * Requeues the failed tasks; whoever was told of the job's end is told again. Called again meanwhile, it goes through the
 * tasks once more. Throws `not-allowed-now` for a job that was cancelled or could not be expanded.
 */
export async function retryJob(storage: Storage, job: StoredJob, log: Log): Promise<void> {
  let begun = false;
  const now = await new JobStore(storage).amend(job.id, (now) => {
    begun = false;
    if (now.cancelledAt || now.error || now.counts.Failed === 0) return null;
    if (now.sweep) return { sweep: { ...now.sweep, after: -1 } };
    begun = true;
    return { ...reopened(now), sweep: newSweep('retry') };
  });
  if (!now) return;
  if (now.cancelledAt || now.error) throw notAllowedNow(now, 'be retried');
  if (now.sweep) await startWatch(storage, job.id);
  if (!begun) return;
  await enqueueJobStep(storage.jobQueue, { jobId: job.id, step: 'retry' });
  log.info(jobLine('job-retried', now, { counts: now.counts }));
}

function newSweep(step: Sweep['step']): Sweep {
  return { step, after: -1, batch: [], lease: null };
}

/** Its end is to be noted, and told, anew. */
function reopened({ finishedAt, callback }: StoredJob): Partial<Job> {
  return finishedAt ? { finishedAt: null, callback: untold(callback) } : {};
}

function notAllowedNow(job: StoredJob, what: string) {
  const state = jobState(job);
  return problem('not-allowed-now', `The job is ${state}: it cannot ${what}.`, { state });
}

/** To be told anew. */
function untold(callback: Callback | null): Callback | null {
  return callback && newCallback(callback.url);
}

/** Requeues a task that has failed or was cancelled. Throws `TaskConflictError` where it has not, or changes meanwhile. */
export async function retryTask(storage: Storage, task: StoredTask, log: Log): Promise<StoredTask> {
  const queued = await new TaskStore(storage).apply(task, 'retry', {
    ...resetForRetry,
    callback: untold(task.callback),
  });
  if (task.inJob) await retriedInJob(storage, task);
  await enqueueTask(storage.queue, task.id);
  log.info(taskLine('task-retried', queued));
  return queued;
}

/** The job is not done any more, and somebody has to look when it is. */
async function retriedInJob(storage: Storage, task: StoredTask): Promise<void> {
  const jobId = parseTaskId(task.id)?.jobId as string;
  await new JobStore(storage).amend(jobId, (now) => (now.finishedAt ? reopened(now) : null));
  await startWatch(storage, jobId);
}

/** The job is gone from the lists at once, and its tasks too if there are not very many. */
export async function deleteJob(storage: Storage, job: StoredJob, log: Log): Promise<void> {
  // The expansion stops, and so do workers.
  await new JobStore(storage).amend(job.id, (now) => ({
    cancelledAt: now.cancelledAt ?? new Date(),
    sweep: newSweep('delete'),
  }));
  await new RecentJobs(storage).remove(job);
  if (!(await deleteTasks(storage, job.id, tasksDeletedAtOnce))) {
    await startWatch(storage, job.id);
    await enqueueJobStep(storage.jobQueue, { jobId: job.id, step: 'delete' });
  }
  log.info(jobLine('job-deleted', job));
}

/** Deletes a job by its only task. Throws `not-allowed-now` for one of several: a job's counts stay exact. */
export async function deleteTask(storage: Storage, task: StoredTask, log: Log): Promise<void> {
  if (task.inJob) throw problem('not-allowed-now', 'The task is one of a job; delete the job.');
  const { jobId } = parseTaskId(task.id) as { jobId: string };
  const job = await new JobStore(storage).get(jobId);
  if (job) await deleteJob(storage, job, log);
}
