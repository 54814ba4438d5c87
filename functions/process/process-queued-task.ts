import type { StorageQueueHandler } from '@azure/functions';
import { Engine } from '../../lib/imaging/engine.ts';
import { settings } from '../../lib/settings.ts';
import { line } from '../../lib/tasks/log.ts';
import { processTask } from '../../lib/tasks/process.ts';
import { taskIdIn } from '../../lib/tasks/queue.ts';
import { storage } from '../storage.ts';

let engine: Engine | undefined;

/** Queue `image-tasks`: works on one task. What it throws brings the message back. */
export const processQueuedTask: StorageQueueHandler = async (body, context) => {
  const taskId = taskIdIn(body);
  if (taskId === null) {
    context.error(line('message-dropped', { reason: 'not a task message', body }));
    return;
  }
  engine ??= new Engine({
    threads: settings.workerThreads,
    timeLimitMs: settings.taskTimeLimitMs,
    maxHeapBytes: settings.workerHeapBytes,
  });
  const { instanceId: id, maxImagePixels: maxPixels } = settings;
  await processTask({ storage: await storage(), engine, id, maxPixels }, taskId, context);
};

export async function stopProcessing(): Promise<void> {
  await engine?.close();
}
