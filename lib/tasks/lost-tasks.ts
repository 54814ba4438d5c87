import { odata } from '@azure/data-tables';
import { taskIdOf } from './ids.ts';
import { type Log, line } from './log.ts';
import { enqueueTask } from './queue.ts';
import { aliveWorkers, type Stats } from './stats.ts';
import type { Storage } from './storage.ts';
import { indexOf } from './task-rows.ts';

/** A large table is gone through in several runs. */
const runMs = 10_000;

/**
 * Finds tasks whose message an instance had taken when it died, before it could say so: nobody is known to have them, and
 * the queue would hide their messages for ten minutes. They get another one.
 */
export class LostTasks {
  /** Where the last run ended; undefined for the beginning. */
  #continuation: string | undefined;

  /** Searches only where messages are hidden that nobody alive answers for, and no other is waiting: in a long line they lose little. */
  async putBack(storage: Storage, stats: Stats, silentMs: number, log: Log): Promise<void> {
    if (stats.queued === 0 || stats.oldestQueuedSeconds !== null) return;
    const inHand = new Set((await aliveWorkers(storage)).flatMap(({ tasks }) => tasks));
    for await (const taskId of this.#search(storage, new Date(Date.now() - silentMs))) {
      if (inHand.has(taskId)) continue;
      await enqueueTask(storage.againQueue, taskId);
      log.warn(line('task-put-back', { task: taskId }));
    }
  }

  /** Tasks in line whose rows nobody has touched since `before`. */
  async *#search({ tasks }: Storage, before: Date): AsyncGenerator<string> {
    const deadline = Date.now() + runMs;
    const filter = odata`state eq ${'Queued'} and Timestamp lt ${before}`;
    const found = tasks.listEntities({ queryOptions: { filter, select: ['PartitionKey', 'RowKey'] } });
    const continuationToken = this.#continuation;
    for await (const page of found.byPage({ ...(continuationToken !== undefined && { continuationToken }) })) {
      this.#continuation = page.continuationToken;
      for (const { partitionKey, rowKey } of page) yield taskIdOf(partitionKey as string, indexOf(rowKey as string));
      if (Date.now() > deadline) return;
    }
    this.#continuation = undefined;
  }
}
