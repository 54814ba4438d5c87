import { odata } from '@azure/data-tables';
import { aliveInstances } from '../instances/instances.ts';
import { type Log, line } from '../log.ts';
import { isConflict } from '../storage/counters.ts';
import { enqueueTask } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { taskIdInRow } from '../storage/task-rows.ts';
import type { Stats } from './stats.ts';

export interface SearchLimits {
  /** A large table is gone through in several runs, of so many milliseconds each. */
  runMs: number;
  /** Rows per request. */
  pageRows: number;
}

const usualLimits: SearchLimits = { runMs: 10_000, pageRows: 1000 };
/** Where nothing says that a message is lost, the table is gone through so often, in milliseconds. */
const idlePassMs = 60_000;

/** How far the search has come: a row of table `instances`, as each run may be in a new process. */
interface SearchRow {
  partitionKey: string;
  rowKey: string;
  /** When this pass through the table began. */
  begun: Date;
  /** Where it goes on; none where it is at the end. */
  continuation?: string | undefined;
}

const searchKeys = { partitionKey: 'search', rowKey: 'lost-tasks' };

/**
 * Finds tasks that wait without a message and sends another one: an instance had taken it when it died, and the queue would
 * hide it for ten minutes; or the instance died between the task's row and its message, and there is none. Searches once a
 * minute, and at once where messages are hidden that nobody alive answers for.
 */
export async function putBackLostTasks(
  storage: Storage,
  stats: Pick<Stats, 'queued' | 'oldestQueuedSeconds'>,
  silentMs: number,
  log: Log,
  limits = usualLimits,
): Promise<void> {
  const { queued, oldestQueuedSeconds } = stats;
  // What is older than the first message in the queues, and by more than a message takes, has none there.
  const before = new Date(Date.now() - silentMs - (oldestQueuedSeconds ?? 0) * 1000);
  const last = await readSearch(storage);
  const isUrgent = queued > 0 && oldestQueuedSeconds === null;
  const isDue = !last || last.continuation !== undefined || Date.now() - last.begun.getTime() >= idlePassMs;
  if (!isUrgent && !isDue) return;
  const filter = odata`state eq ${'Queued'} and Timestamp lt ${before}`;
  const inHand = new Set((await aliveInstances(storage)).flatMap(({ tasks }) => tasks));
  for await (const found of search(storage, last, filter, limits)) {
    const taskId = taskIdInRow(found);
    if (inHand.has(taskId) || !(await touch(storage, found))) continue;
    await enqueueTask(storage, { id: taskId, inJob: found.inJob });
    log.warn(line('task-put-back', { task: taskId }));
  }
}

interface Found {
  partitionKey: string;
  rowKey: string;
  inJob: boolean;
  etag: string;
}

/** Goes on where the last run ended, or begins anew. */
async function* search(storage: Storage, last: SearchRow | null, filter: string, { runMs, pageRows }: SearchLimits) {
  const deadline = Date.now() + runMs;
  const continuationToken = last?.continuation;
  const begun = last && continuationToken !== undefined ? last.begun : new Date();
  const rows = storage.tasks.listEntities({ queryOptions: { filter, select: ['PartitionKey', 'RowKey', 'inJob'] } });
  const pages = rows.byPage({ maxPageSize: pageRows, ...(continuationToken !== undefined && { continuationToken }) });
  for await (const page of pages) {
    for (const { partitionKey, rowKey, inJob, etag } of page) yield { partitionKey, rowKey, inJob, etag } as Found;
    const continuation = page.continuationToken;
    const isOver = Date.now() >= deadline;
    if (isOver || continuation === undefined)
      await storage.instances.upsertEntity<SearchRow>({ ...searchKeys, begun, continuation }, 'Replace');
    if (isOver) return;
  }
}

/** Makes the row new, so that the next run leaves it alone. False where someone else has just changed it. */
async function touch({ tasks }: Storage, { partitionKey, rowKey, etag }: Found): Promise<boolean> {
  try {
    await tasks.updateEntity({ partitionKey, rowKey }, 'Merge', { etag });
    return true;
  } catch (error) {
    if (!isConflict(error)) throw error;
    return false;
  }
}

async function readSearch({ instances }: Storage): Promise<SearchRow | null> {
  try {
    return await instances.getEntity<SearchRow>(searchKeys.partitionKey, searchKeys.rowKey);
  } catch (error) {
    if (!isConflict(error)) throw error;
    return null;
  }
}
