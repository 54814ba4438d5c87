import { app } from '../app.ts';
import { serve } from '../endpoint.ts';
import { settings } from '../settings.ts';
import { getCallbackSecret, replaceCallbackSecret } from './callback-secret.ts';
import { cancelJob, deleteJob, retryJob } from './change-job.ts';
import { cancelTask, deleteTask, retryTask } from './change-task.ts';
import { getEstimate } from './get-estimate.ts';
import { getHealth } from './get-health.ts';
import { getInput, getResult } from './get-image.ts';
import { getJob } from './get-job.ts';
import { getJobResults } from './get-job-results.ts';
import { getObjects } from './get-objects.ts';
import { getOpenApi } from './get-open-api.ts';
import { getOperations } from './get-operations.ts';
import { getHistory, getInstances, getStats } from './get-stats.ts';
import { getTask } from './get-task.ts';
import { listJobs, listJobTasks, listTasks } from './lists.ts';
import { deletePreset, listPresets, putPreset } from './presets.ts';
import { refuseUnknown, unknownMethods } from './refuse-unknown.ts';

serve(getTask, getResult, getInput, getObjects, listTasks, cancelTask, retryTask, deleteTask);
serve(getJob, getJobResults, listJobs, listJobTasks, cancelJob, retryJob, deleteJob);
serve(listPresets, putPreset, deletePreset);
serve(
  getCallbackSecret,
  replaceCallbackSecret,
  getOperations,
  getEstimate,
  getHealth,
  getStats,
  getHistory,
  getInstances,
  getOpenApi,
);
// What no other route takes, in words rather than with an empty answer. The Functions host tries routes in the order of
// their functions' names, and this one takes everything: its name must be the last.
if (settings.roles.has('http')) {
  app.http('zz-refuse-unknown', {
    methods: unknownMethods,
    authLevel: 'anonymous',
    route: '{*path}',
    handler: refuseUnknown,
  });
}
