/** The end of a task, and the message to whoever wants to be told of it. */
import { problem } from '../problems.ts';
import { type Log, taskLine } from './log.ts';
import { enqueueCallback } from './queue.ts';
import { isFinal } from './states.ts';
import type { Storage } from './storage.ts';
import type { StoredTask, Task } from './task.ts';
import { TaskStore } from './task-store.ts';

const endings = { succeed: 'task-succeeded', fail: 'task-failed', cancel: 'task-cancelled' } as const;

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
  log[level](taskLine(endings[event], ended, { ...timings, ...durations(ended), ...(error && { error }) }));
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

/** Handles a task that failed as often as the queue delivers: it ends as Failed, with its last error. */
export async function buryTask(storage: Storage, taskId: string, log: Log): Promise<void> {
  const task = await new TaskStore(storage).get(taskId);
  if (!task) return;
  if (isFinal(task.state)) return enqueuePendingCallback(storage, task);
  const tried = task.attempts > 0 ? `after ${task.attempts} attempts` : 'as the storage failed for long';
  const error = problem('processing-failed', `Given up ${tried}. ${lastError(task)}`).details;
  await finishTask(storage, task, 'fail', { error }, log);
}

/** A Running task without an error has an attempt that nobody ended; an attempt that failed has left its error. */
function lastError({ state, error }: StoredTask): string {
  if (error) return error.detail ?? error.title;
  return state === 'Running' ? 'The instance that worked on it came to its end.' : 'No attempt left an error.';
}
