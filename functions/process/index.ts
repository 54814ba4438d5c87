import { checkTimeBudget } from '../../lib/config/time-budget.ts';
import {
  callbackQueueName,
  commandQueueName,
  intakeQueueName,
  jobTaskQueueName,
  poisonQueueName,
  taskQueueName,
} from '../../lib/storage/storage.ts';
import { app } from '../app.ts';
import { host, settings } from '../settings.ts';
import { buryPoisonedJobCommand } from './bury-poisoned-job-command.ts';
import { buryPoisonedTask } from './bury-poisoned-task.ts';
import { cleanUpPast } from './clean-up.ts';
import { deliverQueuedCallback } from './deliver-callback.ts';
import { handOverOnSigterm } from './on-sigterm.ts';
import { processJobTask, processSingleTask, stopProcessing } from './process-queued-task.ts';
import { reassignSilentTasks } from './reassign-tasks.ts';
import { runQueuedJobCommand } from './run-job-command.ts';
import { buryPoisonedIntake, takeInImage } from './take-in.ts';

const connection = settings.storageConnection;

if (settings.roles.has('process')) {
  checkTimeBudget(host, settings);
  app.storageQueue('process-task', { queueName: taskQueueName, connection, handler: processSingleTask });
  app.storageQueue('process-job-task', { queueName: jobTaskQueueName, connection, handler: processJobTask });
}

if (settings.roles.has('control')) {
  app.storageQueue('bury-poisoned-task', {
    queueName: poisonQueueName(taskQueueName),
    connection,
    handler: buryPoisonedTask,
  });
  app.storageQueue('bury-poisoned-job-task', {
    queueName: poisonQueueName(jobTaskQueueName),
    connection,
    handler: buryPoisonedTask,
  });
  app.storageQueue('run-job-command', { queueName: commandQueueName, connection, handler: runQueuedJobCommand });
  app.storageQueue('bury-poisoned-job-command', {
    queueName: poisonQueueName(commandQueueName),
    connection,
    handler: buryPoisonedJobCommand,
  });
  app.storageQueue('take-in', { queueName: intakeQueueName, connection, handler: takeInImage });
  app.storageQueue('bury-poisoned-intake', {
    queueName: poisonQueueName(intakeQueueName),
    connection,
    handler: buryPoisonedIntake,
  });
  app.storageQueue('deliver-callback', { queueName: callbackQueueName, connection, handler: deliverQueuedCallback });
  app.timer('reassign-tasks', { schedule: settings.reassignSchedule, handler: reassignSilentTasks });
  app.timer('clean-up', { schedule: settings.cleanUpSchedule, handler: cleanUpPast });
}

if (settings.roles.has('process') || settings.roles.has('control')) {
  app.hook.appTerminate(stopProcessing);
  handOverOnSigterm(stopProcessing);
}
