/** The end of a task, and the message to whoever wants to be told of it. */

import { Instances } from '../instances/instances.ts';
import { endJobIfDone } from '../jobs/watch-job.ts';
import { type Log, line, taskLogEntry } from '../log.ts';
import { parseTaskId } from '../model/ids.ts';
import { isFinal } from '../model/states.ts';
import type { StoredTask, Task } from '../model/task.ts';
import { problem } from '../problems.ts';
import { enqueueCallback, enqueueTask } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { retryOnConflict, TaskStore } from '../storage/task-store.ts';

const endings = { succeed: 'task-succeeded', fail: 'task-failed', cancel: 'task-canceled' } as const;

/** Brings the task to its end, and has those told who want to know. Throws `TaskConflictError` where someone else changed it. */
export async function finishTask(
  storage: Storage,
  task: StoredTask,
  event: keyof typeof endings,
  changes: Partial<Task>,
  log: Log,
): Promise<StoredTask> {
  const ended = await new TaskStore(storage).apply(task, event, { ...changes, finishedAt: new Date() });
  const { timings, error } = ended;
  const level = event === 'fail' ? 'warn' : 'info';
  log[level](taskLogEntry(endings[event], ended, { ...timings, ...durations(ended), ...(error && { error }) }));
  await enqueuePendingCallback(storage, ended);
  return ended;
}

/** From creation to the end, and of the last attempt alone. */
function durations({ createdAt, startedAt, finishedAt }: Task): Record<string, number> {
  const end = finishedAt?.getTime() ?? Number.NaN;
  return { totalMs: end - createdAt.getTime(), ...(startedAt && { attemptMs: end - startedAt.getTime() }) };
}

/**
 * To be called wherever a task is found at its end: whoever brought it there may have died before this. An attempt to
 * call back that is on record has messages of its own; several first messages do no harm.
 */
export async function enqueuePendingCallback(storage: Storage, { id, state, callback }: StoredTask): Promise<void> {
  if (isFinal(state) && callback?.attempts === 0) await enqueueCallback(storage.callbackQueue, { id, attempt: 1 });
}

/** Attempts before a task fails for good. host.json's `maxDequeueCount` need not agree: a message used up before is followed by another. */
export const maxAttempts = 5;
/** How often a task is requeued whose messages were used up by other things than attempts. */
const maxRedeliveries = 5;

/**
 * Handles a task whose message the queue has delivered as often as it does. It ends as Failed, with its last error, where
 * its attempts are used up. Else instances ended, or the storage failed, before it could be tried: it is requeued, some times.
 */
export async function buryTask(storage: Storage, taskId: string, silentMs: number, log: Log): Promise<void> {
  const store = new TaskStore(storage);
  await retryOnConflict(async () => {
    const task = await store.get(taskId);
    if (!task) return;
    if (isFinal(task.state)) return enqueuePendingCallback(storage, task);
    if (await isWorkedOn(storage, task, silentMs)) {
      // That instance has a message of its own, and its heartbeat's absence brings the task back.
      return log.info(line('task-skipped', { task: taskId, state: task.state, instance: task.instance }));
    }
    if (task.attempts < maxAttempts && task.redeliveries < maxRedeliveries) return redeliver(storage, task, log);
    const tried = task.attempts > 0 ? `after ${task.attempts} attempts` : 'as the storage failed for long';
    const error = problem('processing-failed', `Given up ${tried}. ${lastError(task)}`).details;
    await finishTask(storage, task, 'fail', { error }, log);
    if (task.inJob) await endJobIfDone(storage, parseTaskId(task.id)?.jobId as string, log);
  });
}

/** Whether a live instance names the task as its own. */
export async function isWorkedOn(storage: Storage, task: StoredTask, silentMs: number): Promise<boolean> {
  if (task.state !== 'Running' || task.instance === null) return false;
  return new Instances(storage.instances).isWorkingOn(task.instance, task.id, new Date(Date.now() - silentMs));
}

async function redeliver(storage: Storage, task: StoredTask, log: Log): Promise<void> {
  const store = new TaskStore(storage);
  const redeliveries = task.redeliveries + 1;
  if (task.state === 'Running') {
    const error = problem('processing-failed', `Attempt ${task.attempts} failed: ${lastError(task)}`).details;
    await store.apply(task, 'release', { redeliveries, error: task.error ?? error });
  } else {
    await store.note(task, { redeliveries });
  }
  await enqueueTask(storage, task);
  log.warn(taskLogEntry('task-redelivered', task, { redeliveries }));
}

/** A Running task without an error has an attempt that nobody ended; an attempt that failed has left its error. */
function lastError({ state, error }: StoredTask): string {
  if (error) return error.detail ?? error.title;
  return state === 'Running' ? 'The instance that worked on it came to its end.' : 'No attempt left an error.';
}
