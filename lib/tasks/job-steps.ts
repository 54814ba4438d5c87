/** What is done to a job as a whole, in portions that may each run more than once. */
import { forEachLimit } from './batches.ts';
import { deleteTasks } from './delete-tasks.ts';
import { expandJob } from './expand.ts';
import { parseTaskId } from './ids.ts';
import { isDone, type StoredJob } from './job.ts';
import { JobStore } from './job-store.ts';
import { jobLine, type Log, taskLine } from './log.ts';
import { guardJob } from './lost-steps.ts';
import { enqueueCallback, enqueueJobStep, enqueueTask, type JobStep } from './queue.ts';
import type { TaskEvent } from './states.ts';
import type { Storage } from './storage.ts';
import type { StoredTask, Task } from './task.ts';
import { maxTasksAtOnce, TaskConflictError, TaskStore } from './task-store.ts';

/** So many tasks are gone through in one portion. */
const portionTasks = 1000;
const tasksAtOnce = 16;
/** When to look whether a job is done: soon at first, then every so often. */
const lookMs = { first: 1000, last: 15_000 };

/** Whoever is silent for `silentMs` is taken for dead. */
export async function runJobStep(storage: Storage, step: JobStep, silentMs: number, log: Log): Promise<void> {
  if (step.step === 'guard') await guardJob(storage, step.jobId, silentMs, log);
  else await steps[step.step](storage, step, log);
}

type Guarded = Exclude<JobStep['step'], 'guard'>;

const steps: Record<Guarded, (storage: Storage, step: JobStep, log: Log) => Promise<void>> = {
  expand: (storage, { jobId }, log) => expandJob(storage, jobId, log),
  watch,
  cancel: (storage, step, log) =>
    sweep(storage, step, ({ state }) => state === 'Queued' || state === 'Running', cancelAll, log),
  retry: (storage, step, log) =>
    sweep(storage, step, ({ state }) => state === 'Failed' || state === 'Queued', retryAll, log),
  delete: deletePortion,
};

/** Looks whether all tasks are done; if so, notes it and has those told who want to know. */
async function watch(storage: Storage, { jobId, looks }: JobStep, log: Log): Promise<void> {
  const store = new JobStore(storage);
  const job = await store.get(jobId);
  if (!job || (job.finishedAt && !isUntold(job))) return;
  if (!isDone(job)) {
    const delay = Math.min(lookMs.last, lookMs.first * 1.3 ** looks);
    return enqueueJobStep(storage.jobQueue, { jobId, step: 'watch', looks: looks + 1 }, delay);
  }
  await store.amend(jobId, (now) => (now.finishedAt || !isDone(now) ? null : { finishedAt: new Date() }));
  log.info(jobLine('job-done', job, { counts: job.counts }));
  if (isUntold(job)) await enqueueCallback(storage.callbackQueue, { id: jobId, attempt: 1 });
}

/** An attempt on record has messages of its own. */
function isUntold({ callback }: StoredJob): boolean {
  return callback !== null && callback.attempts === 0;
}

/** Goes through the tasks of a job: each portion is named by the message, and the next one by a message of its own. */
async function sweep(
  storage: Storage,
  { jobId, step, after }: JobStep,
  concerns: (task: StoredTask) => boolean,
  change: (storage: Storage, tasks: StoredTask[], log: Log) => Promise<void>,
  log: Log,
): Promise<void> {
  let last = after;
  let seen = 0;
  const batch: StoredTask[] = [];
  for await (const task of new TaskStore(storage).list(jobId, { after, limit: portionTasks })) {
    seen++;
    last = parseTaskId(task.id)?.index as number;
    if (concerns(task)) batch.push(task);
    if (batch.length === maxTasksAtOnce) await change(storage, batch.splice(0), log);
  }
  if (batch.length > 0) await change(storage, batch, log);
  await enqueueJobStep(storage.jobQueue, seen < portionTasks ? { jobId, step: 'watch' } : { jobId, step, after: last });
}

async function cancelAll(storage: Storage, tasks: StoredTask[], log: Log): Promise<void> {
  const cancelled = await applyToAll(storage, tasks, 'cancel', { finishedAt: new Date() });
  for (const task of cancelled) log.info(taskLine('task-cancelled', task));
}

/** Those in line already may be so without a message, from a portion broken off: they get another. */
async function retryAll(storage: Storage, tasks: StoredTask[], log: Log): Promise<void> {
  const failed = tasks.filter(({ state }) => state === 'Failed');
  const retried = failed.length > 0 ? await applyToAll(storage, failed, 'retry', afresh) : [];
  for (const task of retried) log.info(taskLine('task-retried', task));
  await forEachLimit(tasks, tasksAtOnce, ({ id }) => enqueueTask(storage.queue, id));
}

/** What a task that is tried again forgets. */
export const afresh: Partial<Task> = {
  attempts: 0,
  redeliveries: 0,
  startedAt: null,
  finishedAt: null,
  worker: null,
  timings: {},
  error: null,
};

/** All at once or, where one of them has changed meanwhile, each by itself, if it still can. */
async function applyToAll(
  storage: Storage,
  tasks: StoredTask[],
  event: TaskEvent,
  changes: Partial<Task>,
): Promise<StoredTask[]> {
  const store = new TaskStore(storage);
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

async function deletePortion(storage: Storage, { jobId }: JobStep): Promise<void> {
  if (!(await deleteTasks(storage, jobId, portionTasks)))
    await enqueueJobStep(storage.jobQueue, { jobId, step: 'delete' });
}
