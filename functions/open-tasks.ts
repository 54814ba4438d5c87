import { OpenTaskQuota } from '../lib/tasks/open-task-quota.ts';
import { settings } from './settings.ts';

/** Those that came through this instance: submitted or retried here, or found here under the prefix of a job. */
export const openTasks = new OpenTaskQuota(settings.openTasksPerCaller);
