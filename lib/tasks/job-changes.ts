/** What the owner of a job or task can do to it: the part that is done at once; queue `job-steps` does the rest. */
import { problem } from '../problems.ts';
import { deleteTasks } from './delete-tasks.ts';
import { parseTaskId } from './ids.ts';
import type { StoredJob } from './job.ts';
import { afresh } from './job-steps.ts';
import { JobStore } from './job-store.ts';
import { jobLine, type Log, taskLine } from './log.ts';
import { enqueueJobStep, enqueueTask } from './queue.ts';
import { RecentJobs } from './recent-jobs.ts';
import type { Storage } from './storage.ts';
import { newCallback } from './submit.ts';
import type { Callback, StoredTask } from './task.ts';
import { TaskStore } from './task-store.ts';

/** So many tasks are deleted while the caller waits. */
const tasksDeletedAtOnce = 500;

/** From now on no task of the job begins; those there are end as Cancelled one after the other. */
export async function cancelJob(storage: Storage, job: StoredJob, log: Log): Promise<void> {
  await new JobStore(storage).amend(job.id, (now) => (now.cancelledAt ? null : { cancelledAt: new Date() }));
  await enqueueJobStep(storage.jobQueue, { jobId: job.id, step: 'cancel' });
  log.info(jobLine('job-cancelled', job, { counts: job.counts }));
}

/** Puts the failed tasks in line again; whoever was told of the job's end is told again. */
export async function retryJob(storage: Storage, job: StoredJob, log: Log): Promise<void> {
  await new JobStore(storage).amend(job.id, ({ callback }) => ({ finishedAt: null, callback: untold(callback) }));
  await enqueueJobStep(storage.jobQueue, { jobId: job.id, step: 'retry' });
  log.info(jobLine('job-retried', job, { counts: job.counts }));
}

/** To be told anew. */
function untold(callback: Callback | null): Callback | null {
  return callback && newCallback(callback.url);
}

/** Requeues a task that has failed or was cancelled. Throws `TaskConflictError` where it has not, or changes meanwhile. */
export async function retryTask(storage: Storage, task: StoredTask, log: Log): Promise<StoredTask> {
  const queued = await new TaskStore(storage).apply(task, 'retry', { ...afresh, callback: untold(task.callback) });
  if (task.inJob) await retriedInJob(storage, task);
  await enqueueTask(storage.queue, task.id);
  log.info(taskLine('task-retried', queued));
  return queued;
}

/** The job is not done any more, and somebody has to look when it is. */
async function retriedInJob(storage: Storage, task: StoredTask): Promise<void> {
  const jobId = parseTaskId(task.id)?.jobId as string;
  await new JobStore(storage).amend(jobId, ({ finishedAt, callback }) =>
    finishedAt ? { finishedAt: null, callback: untold(callback) } : null,
  );
  await enqueueJobStep(storage.jobQueue, { jobId, step: 'watch' });
}

/** The job is gone from the lists at once, and its tasks too if there are not very many. */
export async function deleteJob(storage: Storage, job: StoredJob, log: Log): Promise<void> {
  // The expansion stops, and so do workers.
  await new JobStore(storage).amend(job.id, (now) => (now.cancelledAt ? null : { cancelledAt: new Date() }));
  await new RecentJobs(storage).remove(job);
  if (!(await deleteTasks(storage, job.id, tasksDeletedAtOnce)))
    await enqueueJobStep(storage.jobQueue, { jobId: job.id, step: 'delete' });
  log.info(jobLine('job-deleted', job));
}

/** Deletes a job by its only task. Throws `not-allowed-now` for one of several: a job's counts stay exact. */
export async function deleteTask(storage: Storage, task: StoredTask, log: Log): Promise<void> {
  if (task.inJob) throw problem('not-allowed-now', 'The task is one of a job; delete the job.');
  const { jobId } = parseTaskId(task.id) as { jobId: string };
  const job = await new JobStore(storage).get(jobId);
  if (job) await deleteJob(storage, job, log);
}
