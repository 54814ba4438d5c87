import { type InstanceState, Instances } from '../instances/instances.ts';
import { type Log, taskLogEntry } from '../log.ts';
import { problem } from '../problems.ts';
import { enqueueTask } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { TaskConflictError, TaskStore } from '../storage/task-store.ts';
import { buryTask, maxAttempts } from '../tasks/finish-task.ts';
import { reassignStep } from './lost-commands.ts';

/** Puts the work of instances that have been silent for `silentMs` in the queue again, long before the queue would deliver it anew. */
export async function reassignTasks(storage: Storage, silentMs: number, log: Log): Promise<void> {
  const instances = new Instances(storage.instances);
  for await (const instance of instances.silentSince(new Date(Date.now() - silentMs))) {
    for (const taskId of instance.tasks) await reassign(storage, taskId, instance, silentMs, log);
    for (const step of instance.jobCommands) await reassignStep(storage, step, instance.id, silentMs, log);
    await instances.forget(instance);
  }
}

async function reassign(
  storage: Storage,
  taskId: string,
  instance: InstanceState,
  silentMs: number,
  log: Log,
): Promise<void> {
  const store = new TaskStore(storage);
  const task = await store.get(taskId);
  // It died, or gave the task back, before it could say more: its message stays hidden for long.
  if (task?.state === 'Queued') return enqueueTask(storage, task);
  if (task?.state !== 'Running' || task.instance !== instance.id) return;
  if (task.attempts >= maxAttempts) return buryTask(storage, taskId, silentMs, log);
  const detail = `Instance ${instance.id} gave no sign of life since ${instance.heartbeat.toISOString()}.`;
  try {
    await store.apply(task, 'release', { error: problem('processing-failed', detail).details });
  } catch (error) {
    // It is alive after all, or someone else looks after its tasks.
    if (error instanceof TaskConflictError) return;
    throw error;
  }
  await enqueueTask(storage, task);
  log.warn(taskLogEntry('task-reassigned', task, { silentSince: instance.heartbeat }));
}
