import { randomBytes } from 'node:crypto';
import { odata, RestError, type TransactionAction } from '@azure/data-tables';
import type { Job } from '../model/job.ts';
import { nextState, type TaskEvent, type TaskState } from '../model/states.ts';
import type { StoredTask, Task } from '../model/task.ts';
import { Counters, etagsOf, type StateChange } from './counters.ts';
import { jobToRow } from './job-store.ts';
import { blockOf, type JobExtent, partitionOf, partitionsOf } from './partitions.ts';
import { ConflictError, isConflict } from './table.ts';
import { fromRow, keysOf, rowKeyOf, type TaskRow, taskIdInRow, toRow, toUpdate } from './task-rows.ts';
import type { TaskTables } from './task-tables.ts';

/** Someone else changed the task, or it is in a state that does not allow the change. */
export class TaskConflictError extends Error {
  override readonly name = 'TaskConflictError';
}

/** Does again what meets a task that changes between reading and writing, from the reading on. */
export async function retryOnConflict<T>(change: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await change();
    } catch (error) {
      if (!(error instanceof TaskConflictError)) throw error;
    }
  }
}

export interface TaskListing {
  state?: TaskState | undefined;
  /** Gives the tasks after this index. */
  after?: number;
  limit: number;
}

/** The task rows. Every change of state goes through `apply`, which counts it too. */
export class TaskStore {
  readonly #tables: TaskTables;
  readonly #counters: Counters;

  constructor(tables: TaskTables) {
    this.#tables = tables;
    this.#counters = new Counters(tables);
  }

  async get(taskId: string): Promise<StoredTask | null> {
    const { partitionKey, rowKey } = keysOf(taskId);
    try {
      return fromRow(await this.#tables.of(partitionKey).getEntity<TaskRow>(partitionKey, rowKey));
    } catch (error) {
      if (error instanceof RestError && error.statusCode === 404) return null;
      throw error;
    }
  }

  /**
   * Makes the rows of a job of one task, submitted with its image. Gives the task; as it stands where an earlier try at the
   * same request has made it.
   */
  async createWithJob(job: Job, task: Task): Promise<StoredTask> {
    const actions: TransactionAction[] = [
      ['create', jobToRow(job)],
      ['create', toRow(task)],
    ];
    try {
      const [, etag] =
        task.state === 'Queued'
          ? etagsOf(await this.#tables.of(job.id).submitTransaction(actions))
          : await this.#counters.submit(job.id, [{ from: 'Queued', to: task.state }], actions);
      return { ...task, etag };
    } catch (error) {
      const earlier = isConflict(error) ? await this.get(task.id) : null;
      if (!earlier) throw error;
      return earlier;
    }
  }

  /** Adds up the counts of processes that have not counted for a while, so that the job is read quickly. */
  async foldCounts(job: JobExtent, quietMs?: number): Promise<void> {
    for (const partition of partitionsOf(job)) await this.#counters.fold(partition, quietMs);
  }

  /** The tasks of a job in the order of their index. */
  async *list(job: JobExtent, { state, after = -1, limit }: TaskListing): AsyncGenerator<StoredTask> {
    if (limit <= 0) return;
    const maxPageSize = Math.min(maxPageRows, limit);
    const partitions = partitionsOf(job).map((partition) => {
      const range = odata`PartitionKey eq ${partition} and RowKey gt ${rowKeyOf(after)} and RowKey lt 'task.'`;
      const filter = state === undefined ? range : `${range} and ${odata`state eq ${state}`}`;
      const rows = this.#tables.of(partition).listEntities<TaskRow>({ queryOptions: { filter } });
      return rowsOf(rows.byPage({ maxPageSize }));
    });
    for await (const row of mergeSorted(partitions, ({ rowKey }) => rowKey)) {
      yield fromRow(row);
      if (--limit === 0) return;
    }
  }

  /**
   * Moves the task on by `event` and writes `changes` with it, if the row is still as `task` says.
   * Throws `TaskConflictError` where it is not, or where its state does not allow the event.
   */
  async apply(task: StoredTask, event: TaskEvent, changes: Partial<Task> = {}): Promise<StoredTask> {
    const [changed] = await this.applyAll([task], event, changes);
    return changed;
  }

  /** As `apply`, on tasks of one block, all or none. */
  async applyAll(tasks: StoredTask[], event: TaskEvent, changes: Partial<Task> = {}): Promise<StoredTask[]> {
    const changed = tasks.map((task) => {
      const state = nextState(task.state, event);
      if (!state) throw new TaskConflictError(`Task ${task.id} is ${task.state}: it cannot ${event}.`);
      return { ...task, ...changes, state };
    });
    const moves = changed.map(({ state }, i) => ({ from: tasks[i].state, to: state }));
    const change = randomBytes(8).toString('base64url');
    const actions = changed.map((task): TransactionAction => {
      const { row, mode } = toUpdate(task);
      return ['update', { ...row, change }, mode, { etag: task.etag }];
    });
    try {
      const etags = await this.#counters.submit(partitionOf(tasks[0].id), moves, actions);
      return changed.map((task, i) => ({ ...task, etag: etags[i] }));
    } catch (error) {
      if (!isConflict(error)) throw error;
      const written = await this.#ifWritten(changed, change);
      if (written) return written;
      throw new TaskConflictError(`${tasks.map(({ id }) => id)} changed meanwhile.`, { cause: error });
    }
  }

  /**
   * The tasks with their rows' ETags where the rows hold the very change, else null. A client that gets no answer sends its
   * request again: what conflicts with the second may be the first.
   */
  async #ifWritten(tasks: Task[], change: string): Promise<StoredTask[] | null> {
    const stored: StoredTask[] = [];
    for (const task of tasks) {
      const { partitionKey, rowKey } = keysOf(task.id);
      const reading = this.#tables.of(partitionKey).getEntity<TaskRow>(partitionKey, rowKey);
      const row = await reading.catch((error) => {
        if (isConflict(error)) return null;
        throw error;
      });
      if (row?.change !== change) return null;
      stored.push({ ...task, etag: row.etag });
    }
    return stored;
  }

  /**
   * Makes rows of tasks of one block, and counts them. Where some are there already, it makes the others: a run that was broken
   * off, or lost its lease, may have made them. Throws `ConflictError` where they cannot be made though none is there.
   */
  async createAll(tasks: Task[]): Promise<void> {
    for (let missing = tasks; missing.length > 0; ) {
      const created = missing.map(({ state }): StateChange => ({ from: null, to: state }));
      const actions = missing.map((task): TransactionAction => ['create', toRow(task)]);
      try {
        await this.#counters.submit(partitionOf(missing[0].id), created, actions);
        return;
      } catch (error) {
        if (!isConflict(error)) throw error;
        const before = missing.length;
        missing = await this.#withoutRow(missing);
        if (missing.length === before) throw new ConflictError('The rows cannot be made.', { cause: error });
      }
    }
  }

  async #withoutRow(tasks: Task[]): Promise<Task[]> {
    const [{ partitionKey, rowKey: first }, last] = [keysOf(tasks[0].id), keysOf(tasks[tasks.length - 1].id).rowKey];
    const filter = odata`PartitionKey eq ${partitionKey} and RowKey ge ${first} and RowKey le ${last}`;
    const queryOptions = { filter, select: ['PartitionKey', 'RowKey'] };
    const rows = this.#tables.of(partitionKey).listEntities<TaskRow>({ queryOptions });
    const made = new Set(await Array.fromAsync(rows, (row) => taskIdInRow(row as TaskRow)));
    return tasks.filter(({ id }) => !made.has(id));
  }

  /** Deletes rows of one job, whatever has become of them. */
  async deleteAll(tasks: StoredTask[]): Promise<void> {
    for (const some of byBlock(tasks)) await this.#deleteBlock(some);
  }

  async #deleteBlock(tasks: StoredTask[]): Promise<void> {
    const table = this.#tables.of(partitionOf(tasks[0].id));
    try {
      await table.submitTransaction(tasks.map((task) => ['delete', keysOf(task.id)]));
    } catch (error) {
      if (!isConflict(error)) throw error;
      // Someone else deletes some of them too.
      for (const { partitionKey, rowKey } of tasks.map(({ id }) => keysOf(id))) {
        await table.deleteEntity(partitionKey, rowKey).catch((error) => {
          if (!isConflict(error)) throw error;
        });
      }
    }
  }

  /** Writes what has nothing to do with the state. Throws `TaskConflictError`. */
  async note(task: StoredTask, changes: Partial<Pick<Task, 'callback' | 'losses'>>): Promise<StoredTask> {
    const changed = { ...task, ...changes };
    try {
      const { row, mode } = toUpdate(changed);
      const { etag } = await this.#tables.of(row.partitionKey).updateEntity(row, mode, { etag: task.etag });
      return { ...changed, etag: etag as string };
    } catch (error) {
      if (!isConflict(error)) throw error;
      throw new TaskConflictError(`${task.id} changed meanwhile.`, { cause: error });
    }
  }
}

/** Rows per request. */
const maxPageRows = 1000;

/** The tasks by the blocks that a transaction can change, in their order. */
export function byBlock<T extends Task>(tasks: T[]): T[][] {
  return [...Map.groupBy(tasks, ({ id }) => blockOf(id)).values()];
}

async function* rowsOf<T>(pages: AsyncIterable<T[]>): AsyncGenerator<T> {
  for await (const page of pages) yield* page;
}

/** The items of lists that are sorted by a key, as one sorted list; each list is read as far as its items are needed. */
async function* mergeSorted<T>(lists: AsyncGenerator<T>[], keyOf: (item: T) => string): AsyncGenerator<T> {
  const heads = await Promise.all(lists.map(async (list) => ({ list, next: await list.next() })));
  for (;;) {
    const open = heads.filter(({ next }) => !next.done);
    if (open.length === 0) return;
    const least = open.reduce((a, b) => (keyOf(b.next.value) < keyOf(a.next.value) ? b : a));
    yield least.next.value as T;
    least.next = await least.list.next();
  }
}
