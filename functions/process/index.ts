import { poisonQueueName, taskQueueName } from '../../lib/tasks/storage.ts';
import { app } from '../app.ts';
import { settings } from '../settings.ts';
import { buryPoisonedTask } from './bury-poisoned-task.ts';
import { processQueuedTask, stopProcessing } from './process-queued-task.ts';
import { reassignSilentTasks } from './reassign-tasks.ts';

const connection = 'AzureWebJobsStorage';

app.storageQueue('process-task', { queueName: taskQueueName, connection, handler: processQueuedTask });
app.storageQueue('bury-poisoned-task', {
  queueName: poisonQueueName(taskQueueName),
  connection,
  handler: buryPoisonedTask,
});
app.timer('reassign-tasks', { schedule: settings.reassignSchedule, handler: reassignSilentTasks });
app.hook.appTerminate(stopProcessing);
