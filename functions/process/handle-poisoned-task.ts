import { endJobOf } from '../../lib/jobs/job-end.ts';
import { taskIdIn } from '../../lib/storage/queues.ts';
import { withStorageRetry } from '../../lib/storage/transient-errors.ts';
import { resolvePoisonedTask } from '../../lib/tasks/requeue-task.ts';
import { settings } from '../settings.ts';
import { queueHandler } from './queue-handler.ts';

/** Queues `image-tasks-poison` and `job-tasks-poison`: the task's message was delivered the maximum number of times. */
export const handlePoisonedTask = queueHandler({
  parse: taskIdIn,
  reason: 'not a task message',
  facts: (task) => ({ task }),
  handle: (account, task) => {
    const resolve = async () => {
      const failed = await resolvePoisonedTask(account, task, settings.instanceSilentMs);
      if (failed) await endJobOf(account, failed);
    };
    return withStorageRetry(resolve, { task });
  },
});
