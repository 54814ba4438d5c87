import type { InvocationContext, StorageQueueHandler } from '@azure/functions';
import PQueue from 'p-queue';
import { Engine } from '../../lib/imaging/engine.ts';
import { JobEnds } from '../../lib/jobs/job-ends.ts';
import { consoleLog, line } from '../../lib/log.ts';
import { parseTaskId } from '../../lib/model/ids.ts';
import { JobStore } from '../../lib/storage/job-store.ts';
import { taskIdIn } from '../../lib/storage/queues.ts';
import type { Storage } from '../../lib/storage/storage.ts';
import { withStorageRetry } from '../../lib/storage/transient-errors.ts';
import { Cancellations } from '../../lib/tasks/cancellations.ts';
import { processTask, releaseOnShutdown, type TaskProcessor } from '../../lib/tasks/process-task.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';
import { heartbeatIn } from './heartbeat.ts';
import { stopJobCommands } from './run-job-command.ts';

let processor: TaskProcessor | undefined;
let stopping: Promise<void> | undefined;

/** Queue `image-tasks`: works on a single task, before the tasks of jobs that this process has in hand. */
export const processSingleTask: StorageQueueHandler = (body, context) => processQueuedTask(body, 1, context);

/** Queue `job-tasks`: works on a task of a job. */
export const processJobTask: StorageQueueHandler = (body, context) => processQueuedTask(body, 0, context);

/** What it throws brings the message back. */
async function processQueuedTask(body: unknown, priority: number, context: InvocationContext): Promise<void> {
  const taskId = taskIdIn(body);
  if (taskId === null) {
    context.error(line('message-dropped', { reason: 'not a task message', body }));
    return;
  }
  processor ??= createProcessor(await withStorageRetry(storage, { task: taskId }, context));
  if (stopping) throw new Error('This instance is about to end.');
  await processTask(processor, taskId, context, priority);
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
  const heartbeat = heartbeatIn(storage);
  const cancellations = new Cancellations(new JobStore(storage));
  const jobEnds = new JobEnds(storage, consoleLog, (jobId) =>
    heartbeat.tasks.some((taskId) => parseTaskId(taskId)?.jobId === jobId),
  );
  const turns = new PQueue({ concurrency: settings.workerThreads + tasksInTransfer });
  return { storage, engine, id, heartbeat, cancellations, jobEnds, turns, silentMs, maxPixels, maxBytes };
}

/** The instance is about to end: what it has not finished goes to others, at once, and it begins nothing more. */
export function stopProcessing(): Promise<void> {
  stopping ??= handOver();
  return stopping;
}

async function handOver(): Promise<void> {
  const account = await storage();
  const [tasks, steps] = await Promise.all([
    !processor || releaseOnShutdown(processor, consoleLog),
    stopJobCommands(account, consoleLog),
  ]);
  // What could not be handed back is found by what the instance has last said of itself.
  if (tasks && steps) await heartbeatIn(account).stop();
  await processor?.engine.close();
}
