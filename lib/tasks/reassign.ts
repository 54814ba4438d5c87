import { problem } from '../problems.ts';
import { buryTask, maxAttempts } from './finish.ts';
import { type Log, taskLine } from './log.ts';
import { reassignStep } from './lost-steps.ts';
import { enqueueTask } from './queue.ts';
import type { Storage } from './storage.ts';
import { TaskConflictError, TaskStore } from './task-store.ts';
import { type WorkerState, Workers } from './workers.ts';

/** Puts the work of instances that have been silent for `silentMs` first in line again, long before the queue would deliver it anew. */
export async function reassignTasks(storage: Storage, silentMs: number, log: Log): Promise<void> {
  const workers = new Workers(storage.workers);
  for await (const worker of workers.silentSince(new Date(Date.now() - silentMs))) {
    for (const taskId of worker.tasks) await reassign(storage, taskId, worker, silentMs, log);
    for (const step of worker.jobSteps) await reassignStep(storage, step, worker.id, silentMs, log);
    await workers.forget(worker);
  }
}

async function reassign(
  storage: Storage,
  taskId: string,
  worker: WorkerState,
  silentMs: number,
  log: Log,
): Promise<void> {
  const store = new TaskStore(storage);
  const task = await store.get(taskId);
  // It died, or gave the task back, before it could say more: its message stays hidden for long.
  if (task?.state === 'Queued') return enqueueTask(storage.againQueue, taskId);
  if (task?.state !== 'Running' || task.worker !== worker.id) return;
  if (task.attempts >= maxAttempts) return buryTask(storage, taskId, silentMs, log);
  const detail = `Instance ${worker.id} gave no sign of life since ${worker.heartbeat.toISOString()}.`;
  try {
    await store.apply(task, 'release', { error: problem('processing-failed', detail).details });
  } catch (error) {
    // It is alive after all, or someone else looks after its tasks.
    if (error instanceof TaskConflictError) return;
    throw error;
  }
  await enqueueTask(storage.againQueue, taskId);
  log.warn(taskLine('task-reassigned', task, { silentSince: worker.heartbeat }));
}
