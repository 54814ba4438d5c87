import type { StorageQueueHandler } from '@azure/functions';
import PQueue from 'p-queue';
import { Engine } from '../../lib/imaging/engine.ts';
import { JobEnds } from '../../lib/jobs/job-ends.ts';
import { parseTaskId } from '../../lib/model/ids.ts';
import { taskIdIn } from '../../lib/storage/queues.ts';
import type { Storage } from '../../lib/storage/storage.ts';
import { Cancellations } from '../../lib/tasks/cancellations.ts';
import { processTask, releaseTasks, type TaskProcessor } from '../../lib/tasks/process-task.ts';
import { inInvocation } from '../../lib/telemetry/invocations.ts';
import { provideUsage } from '../../lib/telemetry/usage.ts';
import { flushHistory } from '../history.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';
import { flushTelemetry } from '../telemetry.ts';
import { heartbeatIn } from './heartbeat.ts';
import { queueHandler } from './queue-handler.ts';
import { stopJobCommands } from './run-job-command.ts';
import { beginStopping } from './stopping.ts';

let processor: TaskProcessor | undefined;
let releasing: Promise<void> | undefined;

/** Queue `image-tasks`: works on a single task, before the tasks of jobs that this process has in hand. */
export const processSingleTask = taskHandler(1);

/** Queue `job-tasks`: works on a task of a job. */
export const processJobTask = taskHandler(0);

function taskHandler(priority: number): StorageQueueHandler {
  return queueHandler({
    parse: taskIdIn,
    reason: 'not a task message',
    facts: (task) => ({ task }),
    handle: (account, taskId, context) => {
      processor ??= createProcessor(account);
      const worker = processor;
      return inInvocation(taskId, context.traceContext?.traceParent, () => processTask(worker, taskId, priority));
    },
  });
}

/** While threads compute, one task downloads its image and one uploads its result. */
const tasksInTransfer = 2;

function createProcessor(storage: Storage): TaskProcessor {
  const { instanceId: id, instanceSilentMs: silentMs, maxImagePixels: maxPixels, maxImageBytes: maxBytes } = settings;
  const engine = new Engine({
    threads: settings.workerThreads,
    timeLimitMs: settings.taskTimeLimitMs,
    pixelsInFlight: settings.pixelsInFlight,
    maxHeapBytes: settings.workerHeapBytes,
  });
  provideUsage(() => engine.usage);
  const heartbeat = heartbeatIn(storage);
  const cancellations = new Cancellations(storage.jobs);
  const jobEnds = new JobEnds(storage, (jobId) =>
    heartbeat.tasks.some((taskId) => parseTaskId(taskId)?.jobId === jobId),
  );
  const turns = new PQueue({ concurrency: settings.workerThreads + tasksInTransfer });
  return { storage, engine, id, heartbeat, cancellations, jobEnds, turns, silentMs, maxPixels, maxBytes };
}

/** The instance is about to end: what it has not finished goes to others, at once, and it begins nothing more. */
export function stopProcessing(): Promise<void> {
  beginStopping();
  releasing ??= releaseAll();
  return releasing;
}

async function releaseAll(): Promise<void> {
  const account = await storage();
  const [tasks, commands] = await Promise.all([!processor || releaseTasks(processor), stopJobCommands(account)]);
  // What could not be released is found from the instance's last heartbeat.
  if (tasks && commands) await heartbeatIn(account).stop();
  await Promise.all([processor?.engine.close(), flushTelemetry(), flushHistory()]);
}
