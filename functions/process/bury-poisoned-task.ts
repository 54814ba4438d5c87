import type { StorageQueueHandler } from '@azure/functions';
import { buryTask } from '../../lib/tasks/finish.ts';
import { line } from '../../lib/tasks/log.ts';
import { taskIdIn } from '../../lib/tasks/queue.ts';
import { patiently } from '../../lib/tasks/storage-faults.ts';
import { storage } from '../storage.ts';

/** Queues `image-tasks-poison` and `image-tasks-again-poison`: the task failed as often as the queue delivers, and is shown as Failed. */
export const buryPoisonedTask: StorageQueueHandler = async (body, context) => {
  const taskId = taskIdIn(body);
  if (taskId === null) {
    context.error(line('message-dropped', { reason: 'not a task message', body }));
    return;
  }
  await patiently(async () => buryTask(await storage(), taskId, context), { task: taskId }, context);
};
