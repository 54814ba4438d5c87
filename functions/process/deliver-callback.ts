import type { StorageQueueHandler } from '@azure/functions';
import { type CallbackOptions, deliverCallback } from '../../lib/callbacks/deliver.ts';
import { viewJob } from '../../lib/http/job-view.ts';
import { taskView } from '../../lib/http/task-view.ts';
import { line } from '../../lib/log.ts';
import { loadMeasurements } from '../../lib/storage/measurements.ts';
import { callbackIn } from '../../lib/storage/queues.ts';
import { withStorageRetry } from '../../lib/storage/transient-errors.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';

const options: CallbackOptions = {
  allowedHosts: settings.callbackAllowedHosts,
  retryDelaysMs: settings.callbackRetryDelaysMs,
  view: {
    task: async (task) => taskView(task, await loadMeasurements((await storage()).results, task.measurements)),
    job: async (job) => viewJob(await storage(), job),
  },
};

/** Queue `callbacks`: tells whoever wants to know of the end of a task or job. */
export const deliverQueuedCallback: StorageQueueHandler = async (body, context) => {
  const message = callbackIn(body);
  if (message === null) {
    context.error(line('message-dropped', { reason: 'not a callback', body }));
    return;
  }
  const work = async () => deliverCallback(await storage(), message, options, context);
  await withStorageRetry(work, { id: message.id }, context);
};
