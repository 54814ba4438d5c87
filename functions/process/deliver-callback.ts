import { type CallbackOptions, deliverCallback } from '../../lib/callbacks/deliver.ts';
import { viewJob } from '../../lib/http/job-view.ts';
import { taskView } from '../../lib/http/task-view.ts';
import { loadMeasurements } from '../../lib/storage/measurements.ts';
import { callbackIn } from '../../lib/storage/queues.ts';
import { withStorageRetry } from '../../lib/storage/transient-errors.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';
import { queueHandler } from './queue-handler.ts';

const options: CallbackOptions = {
  allowedHosts: settings.callbackAllowedHosts,
  retryDelaysMs: settings.callbackRetryDelaysMs,
  view: {
    task: async (task) => taskView(task, await loadMeasurements((await storage()).results, task.measurements)),
    job: async (job) => viewJob(await storage(), job),
  },
};

/** Queue `callbacks`: tells whoever wants to know of the end of a task or job. */
export const deliverQueuedCallback = queueHandler({
  parse: callbackIn,
  reason: 'not a callback',
  facts: ({ id }) => ({ id }),
  handle: (account, message) => withStorageRetry(() => deliverCallback(account, message, options), { id: message.id }),
});
