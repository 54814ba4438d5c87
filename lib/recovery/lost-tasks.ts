import { line, log } from '../log.ts';
import { isUnderWay, type SearchLimits } from '../storage/queued-task-search.ts';
import { enqueueTask } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import type { Stats } from './stats.ts';

const usualLimits: SearchLimits = { runMs: 10_000, pageRows: 1000 };
/** Where nothing says that a message is lost, the table is gone through so often, in milliseconds. */
const idlePassMs = 60_000;

/**
 * Finds tasks that wait without a message and sends another one: an instance had taken it when it died, and the queue would
 * hide it for ten minutes; or the instance died between the task's row and its message, and there is none. Searches once a
 * minute, and at once where messages are hidden that nobody alive answers for.
 */
export async function requeueLostTasks(
  storage: Storage,
  stats: Pick<Stats, 'queued' | 'oldestQueuedSeconds'>,
  silentMs: number,
  limits = usualLimits,
): Promise<void> {
  const { queued, oldestQueuedSeconds } = stats;
  // What is older than the first message in the queues, and by more than a message takes, has none there.
  const before = new Date(Date.now() - silentMs - (oldestQueuedSeconds ?? 0) * 1000);
  const last = await storage.queuedTasks.place();
  const isUrgent = queued > 0 && oldestQueuedSeconds === null;
  const isDue = !last || isUnderWay(last) || Date.now() - last.begun.getTime() >= idlePassMs;
  if (!isUrgent && !isDue) return;
  const inHand = new Set((await storage.instances.alive()).flatMap(({ tasks }) => tasks));
  for await (const found of storage.queuedTasks.run(last, before, limits)) {
    if (inHand.has(found.id) || !(await storage.queuedTasks.touch(found))) continue;
    await enqueueTask(storage, found);
    log.warn(line('task-requeued', { task: found.id }));
  }
}
