import { app } from '../app.ts';
import { settings } from '../settings.ts';
import { cancelJob, deleteJob, retryJob } from './change-job.ts';
import { cancelTask, deleteTask, retryTask } from './change-task.ts';
import { getHealth } from './get-health.ts';
import { getInput, getResult } from './get-image.ts';
import { getJob } from './get-job.ts';
import { getOperations } from './get-operations.ts';
import { getTask } from './get-task.ts';
import { listJobs, listJobTasks, listTasks } from './lists.ts';

const { authLevel } = settings;

app.http('get-task', { methods: ['GET'], authLevel, route: 'tasks/{id}', handler: getTask });
app.http('get-result', { methods: ['GET'], authLevel, route: 'tasks/{id}/result', handler: getResult });
app.http('get-input', { methods: ['GET'], authLevel, route: 'tasks/{id}/input', handler: getInput });
app.http('cancel-task', { methods: ['POST'], authLevel, route: 'tasks/{id}/cancel', handler: cancelTask });
app.http('retry-task', { methods: ['POST'], authLevel, route: 'tasks/{id}/retry', handler: retryTask });
app.http('delete-task', { methods: ['DELETE'], authLevel, route: 'tasks/{id}', handler: deleteTask });
app.http('list-tasks', { methods: ['GET'], authLevel, route: 'tasks', handler: listTasks });
app.http('list-jobs', { methods: ['GET'], authLevel, route: 'jobs', handler: listJobs });
app.http('list-job-tasks', { methods: ['GET'], authLevel, route: 'jobs/{id}/tasks', handler: listJobTasks });
app.http('cancel-job', { methods: ['POST'], authLevel, route: 'jobs/{id}/cancel', handler: cancelJob });
app.http('retry-job', { methods: ['POST'], authLevel, route: 'jobs/{id}/retry', handler: retryJob });
app.http('delete-job', { methods: ['DELETE'], authLevel, route: 'jobs/{id}', handler: deleteJob });
app.http('get-job', { methods: ['GET'], authLevel, route: 'jobs/{id}', handler: getJob });
app.http('get-operations', { methods: ['GET'], authLevel: 'anonymous', route: 'operations', handler: getOperations });
app.http('get-health', { methods: ['GET'], authLevel: 'anonymous', route: 'health', handler: getHealth });
