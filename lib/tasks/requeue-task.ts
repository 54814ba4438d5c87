/** What becomes of a task that lost its instance or its message. Neither counts as an attempt: no error was seen. */

import { maxAttempts, maxLosses } from '../limits.ts';
import { line, log } from '../log.ts';
import { taskLogEntry } from '../model/log-entries.ts';
import { isFinal } from '../model/states.ts';
import type { StoredTask, Task } from '../model/task.ts';
import { forced } from '../model/trace.ts';
import { problem } from '../problems.ts';
import type { InstanceState } from '../storage/instance-store.ts';
import { enqueueTask } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { retryOnConflict } from '../storage/task-store.ts';
import { enqueuePendingCallback, finishTask } from './finish-task.ts';

/** Whether nothing more is to be tried. Of a Running task whose instance is lost, the attempt does not count. */
export function isUsedUp({ state, attempts, losses }: Task): boolean {
  return losses >= maxLosses || (state === 'Queued' && attempts >= maxAttempts);
}

/**
 * Requeues a task that a dead instance had taken. Does nothing where the task has changed meanwhile. Gives the task where it
 * has failed, as it has lost too many instances.
 */
export async function reassignTask(storage: Storage, taskId: string, dead: InstanceState): Promise<StoredTask | null> {
  return retryOnConflict(async () => {
    const task = await storage.tasks.get(taskId);
    // The instance died, or gave the task back, before it could say more: the message stays hidden for long.
    if (task?.state === 'Queued') await enqueueTask(storage, task);
    if (task?.state !== 'Running' || task.instance !== dead.id) return null;
    return requeueOrFail(storage, task, 'task-reassigned', { silentSince: dead.heartbeat });
  });
}

/**
 * Handles a task whose message was delivered the maximum number of times. The task fails, with its last error, where its
 * attempts are used up. Otherwise instances ended, or the storage failed, before it could be tried: it is requeued. Gives the
 * task where it has failed.
 */
export async function resolvePoisonedTask(
  storage: Storage,
  taskId: string,
  silentMs: number,
): Promise<StoredTask | null> {
  return retryOnConflict(async () => {
    const task = await storage.tasks.get(taskId);
    if (!task) return null;
    if (isFinal(task.state)) {
      await enqueuePendingCallback(storage, task);
      return null;
    }
    const isOver = task.state === 'Queued' && isUsedUp(task);
    if (!isOver && (await isInHand(storage, task, silentMs))) {
      // That instance has a message of its own, and its heartbeat's absence brings the task back.
      log.info(line('task-skipped', { task: taskId, state: task.state, instance: task.instance }));
      return null;
    }
    return requeueOrFail(storage, task, 'task-redelivered');
  });
}

/** Whether a live instance names the task as its own: it works on it, or will. */
async function isInHand(storage: Storage, { id }: Task, silentMs: number): Promise<boolean> {
  const alive = await storage.instances.alive(silentMs);
  return alive.some(({ tasks }) => tasks.includes(id));
}

async function requeueOrFail(
  storage: Storage,
  task: StoredTask,
  event: 'task-reassigned' | 'task-redelivered',
  facts: Record<string, unknown> = {},
): Promise<StoredTask | null> {
  if (isUsedUp(task)) return failExhausted(storage, task);
  const store = storage.tasks;
  const losses = task.losses + 1;
  if (task.state === 'Running') {
    const error = task.error ?? problem('processing-failed', lastError(task)).details;
    const traceparent = forced(task.traceparent);
    await store.apply(task, 'release', { attempts: task.attempts - 1, losses, error, traceparent });
  } else {
    await store.note(task, { losses });
  }
  await enqueueTask(storage, task);
  log.warn(taskLogEntry(event, task, { ...facts, losses }));
  return null;
}

function failExhausted(storage: Storage, task: StoredTask): Promise<StoredTask> {
  const tried =
    task.attempts >= maxAttempts
      ? `after ${task.attempts} attempts`
      : `after ${task.losses} losses of the instance that worked on it, or of its message`;
  const error = problem('processing-failed', `Failed ${tried}. ${lastError(task)}`).details;
  return finishTask(storage, task, 'fail', { error });
}

/** A Running task without an error has an attempt that nobody ended; an attempt that failed has left its error. */
function lastError({ state, error, instance }: StoredTask): string {
  if (error) return error.detail ?? error.title;
  return state === 'Running' ? `Instance ${instance} ended while it worked on the task.` : 'No attempt left an error.';
}
