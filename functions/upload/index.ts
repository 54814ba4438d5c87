import { app } from '../app.ts';
import { settings } from '../settings.ts';
import { createJob } from './create-job.ts';
import { createTask } from './create-task.ts';
import { createUploads } from './create-uploads.ts';

const { authLevel } = settings;

app.http('create-task', { methods: ['POST'], authLevel, route: 'tasks', handler: createTask });
app.http('create-uploads', { methods: ['POST'], authLevel, route: 'uploads', handler: createUploads });
app.http('create-job', { methods: ['POST'], authLevel, route: 'jobs', handler: createJob });
