import type { StorageQueueHandler } from '@azure/functions';
import { line } from '../../lib/log.ts';
import { taskIdIn } from '../../lib/storage/queues.ts';
import { withStorageRetry } from '../../lib/storage/transient-errors.ts';
import { buryTask } from '../../lib/tasks/finish-task.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';

/** Queues `image-tasks-poison` and `job-tasks-poison`: the queue has delivered the task's message as often as it does. */
export const buryPoisonedTask: StorageQueueHandler = async (body, context) => {
  const taskId = taskIdIn(body);
  if (taskId === null) {
    context.error(line('message-dropped', { reason: 'not a task message', body }));
    return;
  }
  await withStorageRetry(
    async () => buryTask(await storage(), taskId, settings.instanceSilentMs, context),
    { task: taskId },
    context,
  );
};
