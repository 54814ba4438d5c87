import { app } from '../app.ts';
import { settings } from '../settings.ts';
import { getHealth } from './get-health.ts';
import { getInput, getResult } from './get-image.ts';
import { getOperations } from './get-operations.ts';
import { getTask } from './get-task.ts';

const { authLevel } = settings;

app.http('get-task', { methods: ['GET'], authLevel, route: 'tasks/{id}', handler: getTask });
app.http('get-result', { methods: ['GET'], authLevel, route: 'tasks/{id}/result', handler: getResult });
app.http('get-input', { methods: ['GET'], authLevel, route: 'tasks/{id}/input', handler: getInput });
app.http('get-operations', { methods: ['GET'], authLevel: 'anonymous', route: 'operations', handler: getOperations });
app.http('get-health', { methods: ['GET'], authLevel: 'anonymous', route: 'health', handler: getHealth });
