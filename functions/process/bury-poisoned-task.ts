import type { StorageQueueHandler } from '@azure/functions';
import { buryTask } from '../../lib/tasks/finish.ts';
import { line } from '../../lib/tasks/log.ts';
import { taskIdIn } from '../../lib/tasks/queue.ts';
import { patiently } from '../../lib/tasks/storage-faults.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';

/** Queues `image-tasks-poison` and `image-tasks-again-poison`: the queue has delivered the task's message as often as it does. */
export const buryPoisonedTask: StorageQueueHandler = async (body, context) => {
  const taskId = taskIdIn(body);
  if (taskId === null) {
    context.error(line('message-dropped', { reason: 'not a task message', body }));
    return;
  }
  await patiently(
    async () => buryTask(await storage(), taskId, settings.workerSilentMs, context),
    { task: taskId },
    context,
  );
};
