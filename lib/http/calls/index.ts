/** All calls of the API, in the order in which the reference shows them. */
import type { z } from 'zod';
import type { Call } from './call.ts';
import * as estimates from './estimate.ts';
import * as jobs from './jobs.ts';
import * as presets from './presets.ts';
import * as service from './service.ts';
import * as tasks from './tasks.ts';
import * as uploads from './uploads.ts';

type AnyCall = Call<z.ZodObject, z.ZodType>;

export const calls: readonly AnyCall[] = [
  tasks.createTask,
  tasks.getTask,
  tasks.getResult,
  tasks.getInput,
  tasks.getObjects,
  tasks.listTasks,
  tasks.cancelTask,
  tasks.retryTask,
  tasks.deleteTask,
  uploads.createUploads,
  uploads.listUploads,
  uploads.deleteUploads,
  jobs.createJob,
  jobs.getJob,
  jobs.listJobs,
  jobs.listJobTasks,
  jobs.getJobResults,
  jobs.cancelJob,
  jobs.retryJob,
  jobs.deleteJob,
  presets.listPresets,
  presets.putPreset,
  presets.deletePreset,
  service.getCallbackSecret,
  service.replaceCallbackSecret,
  service.getOperations,
  estimates.getEstimate,
  service.getHealth,
  service.getStats,
  service.getHistory,
  service.getInstances,
  service.getOpenApi,
];
