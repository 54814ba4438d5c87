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
import { cleanUpPast } from './clean-up.ts';
import { deliverQueuedCallback } from './deliver-callback.ts';
import { handlePoisonedJobCommand } from './handle-poisoned-job-command.ts';
import { handlePoisonedTask } from './handle-poisoned-task.ts';
import { handlePoisonedIntake, processIntake } from './process-intake.ts';
import { processJobTask, processSingleTask, stopProcessing } from './process-queued-task.ts';
import { reassignSilentTasks } from './reassign-tasks.ts';
import { releaseOnSigterm } from './release-on-sigterm.ts';
import { runQueuedJobCommand } from './run-job-command.ts';

const connection = settings.storageConnection;

if (settings.roles.has('process')) {
  checkTimeBudget(host, settings);
  app.storageQueue('process-task', { queueName: taskQueueName, connection, handler: processSingleTask });
  app.storageQueue('process-job-task', { queueName: jobTaskQueueName, connection, handler: processJobTask });
}

if (settings.roles.has('control')) {
  app.storageQueue('handle-poisoned-task', {
    queueName: poisonQueueName(taskQueueName),
    connection,
    handler: handlePoisonedTask,
  });
  app.storageQueue('handle-poisoned-job-task', {
    queueName: poisonQueueName(jobTaskQueueName),
    connection,
    handler: handlePoisonedTask,
  });
  app.storageQueue('run-job-command', { queueName: commandQueueName, connection, handler: runQueuedJobCommand });
  app.storageQueue('handle-poisoned-job-command', {
    queueName: poisonQueueName(commandQueueName),
    connection,
    handler: handlePoisonedJobCommand,
  });
  app.storageQueue('process-intake', { queueName: intakeQueueName, connection, handler: processIntake });
  app.storageQueue('handle-poisoned-intake', {
    queueName: poisonQueueName(intakeQueueName),
    connection,
    handler: handlePoisonedIntake,
  });
  app.storageQueue('deliver-callback', { queueName: callbackQueueName, connection, handler: deliverQueuedCallback });
  app.timer('reassign-tasks', { schedule: settings.reassignSchedule, handler: reassignSilentTasks });
  app.timer('clean-up', { schedule: settings.cleanUpSchedule, handler: cleanUpPast });
}

if (settings.roles.has('process') || settings.roles.has('control')) {
  app.hook.appTerminate(stopProcessing);
  releaseOnSigterm(stopProcessing);
}
