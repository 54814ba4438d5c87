import { endJobOf } from '../../lib/jobs/job-end.ts';
import { taskIdIn } from '../../lib/storage/queues.ts';
import { withStorageRetry } from '../../lib/storage/transient-errors.ts';
import { buryTask } from '../../lib/tasks/requeue-task.ts';
import { settings } from '../settings.ts';
import { queueHandler } from './queue-handler.ts';

/** Queues `image-tasks-poison` and `job-tasks-poison`: the queue has delivered the task's message as often as it does. */
export const buryPoisonedTask = queueHandler({
  parse: taskIdIn,
  reason: 'not a task message',
  facts: (task) => ({ task }),
  handle: (account, task) => {
    const bury = async () => {
      const failed = await buryTask(account, task, settings.instanceSilentMs);
      if (failed) await endJobOf(account, failed);
    };
    return withStorageRetry(bury, { task });
  },
});
