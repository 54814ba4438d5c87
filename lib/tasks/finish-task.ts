/** The end of a task, and the message to whoever wants to be told of it. */

import { log } from '../log.ts';
import { taskLogEntry } from '../model/log-entries.ts';
import { isFinal } from '../model/states.ts';
import type { StoredTask, Task } from '../model/task.ts';
import { forced } from '../model/trace.ts';
import { enqueueCallback } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';

const endings = { succeed: 'task-succeeded', fail: 'task-failed', cancel: 'task-canceled' } as const;

/** Brings the task to its end, and has those told who want to know. Throws `TaskConflictError` where someone else changed it. */
export async function finishTask(
  storage: Storage,
  task: StoredTask,
  event: keyof typeof endings,
  changes: Partial<Task>,
): Promise<StoredTask> {
  const traced = event === 'fail' ? { traceparent: forced(task.traceparent) } : {};
  const ended = await storage.tasks.apply(task, event, { ...changes, ...traced, finishedAt: new Date() });
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
