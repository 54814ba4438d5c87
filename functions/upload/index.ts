import { app } from '../app.ts';
import { settings } from '../settings.ts';
import { createTask } from './create-task.ts';

app.http('create-task', { methods: ['POST'], authLevel: settings.authLevel, route: 'tasks', handler: createTask });
