import { storageRetryMs } from '../storage/transient-errors.ts';
import type { HostConfig } from './host-config.ts';

/** Task messages come from two queues. */
const taskQueues = 2;

/**
 * Checks that the host lets a task message live as long as the work may take: an instance holds several messages, which wait
 * for its threads, and each may wait for the storage. The host ends an instance with all its tasks where one takes longer.
 * Throws an error that names the settings.
 */
export function checkTimeBudget(
  { functionTimeoutMs, queues: { batchSize, newBatchThreshold } }: Pick<HostConfig, 'functionTimeoutMs' | 'queues'>,
  { workerThreads, taskTimeLimitMs }: { workerThreads: number; taskTimeLimitMs: number },
): void {
  const held = taskQueues * (batchSize + newBatchThreshold);
  const neededMs = Math.ceil(held / workerThreads) * taskTimeLimitMs + storageRetryMs;
  if (functionTimeoutMs === null || functionTimeoutMs >= neededMs) return;
  throw new Error(
    `functionTimeout in host.json is ${functionTimeoutMs / 1000} s, but a task may need ${neededMs / 1000} s: ` +
      `${held} messages (${taskQueues} × (batchSize ${batchSize} + newBatchThreshold ${newBatchThreshold})) on ` +
      `WORKER_THREADS=${workerThreads}, TASK_TIME_LIMIT_SECONDS=${taskTimeLimitMs / 1000} each, and ` +
      `${storageRetryMs / 1000} s for a storage that is away. Raise the first or WORKER_THREADS, or lower another.`,
  );
}
