import { endJobOf } from '../jobs/job-end.ts';
import { line, log } from '../log.ts';
import { aliveMs, type InstanceState } from '../storage/instance-store.ts';
import type { Storage } from '../storage/storage.ts';
import { reassignTask } from '../tasks/requeue-task.ts';
import { reassignCommand } from './lost-commands.ts';

/**
 * Requeues the work of instances that have been silent for `silentMs`, long before the queue would deliver it again. What
 * fails is logged and keeps its instance in the table, so that the next run tries again; the rest goes on.
 */
export async function reassignTasks(storage: Storage, silentMs: number): Promise<void> {
  const instances = storage.instances;
  for await (const instance of instances.silentSince(new Date(Date.now() - silentMs))) {
    if (isResting(instance)) continue;
    if (await reassignAll(storage, instance, silentMs)) await instances.forget(instance);
  }
}

/** An instance without work writes nothing; it is shown for a while. */
function isResting({ tasks, jobCommands, heartbeat }: InstanceState): boolean {
  return tasks.length + jobCommands.length === 0 && Date.now() - heartbeat.getTime() < aliveMs;
}

/** Whether all went well. */
async function reassignAll(storage: Storage, instance: InstanceState, silentMs: number): Promise<boolean> {
  let failed = 0;
  const orLog = (facts: { task?: string; job?: string }) => (error: Error) => {
    failed++;
    log.error(line('reassignment-failed', { ...facts, instance: instance.id, error: error.stack }));
  };
  for (const task of instance.tasks) await reassign(storage, task, instance).catch(orLog({ task }));
  for (const command of instance.jobCommands)
    await reassignCommand(storage, command, instance.id, silentMs).catch(orLog({ job: command.jobId }));
  return failed === 0;
}

async function reassign(storage: Storage, taskId: string, dead: InstanceState): Promise<void> {
  const failed = await reassignTask(storage, taskId, dead);
  if (failed) await endJobOf(storage, failed);
}
