import { poisonQueueName, taskQueueName } from '../../lib/tasks/storage.ts';
import { app } from '../app.ts';
import { buryPoisonedTask } from './bury-poisoned-task.ts';
import { processQueuedTask, stopProcessing } from './process-queued-task.ts';

const connection = 'AzureWebJobsStorage';

app.storageQueue('process-task', { queueName: taskQueueName, connection, handler: processQueuedTask });
app.storageQueue('bury-poisoned-task', { queueName: poisonQueueName, connection, handler: buryPoisonedTask });
app.hook.appTerminate(stopProcessing);
