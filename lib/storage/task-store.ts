import { randomBytes } from 'node:crypto';
import { odata, RestError, type TableClient, type TransactionAction } from '@azure/data-tables';
import { parseTaskId } from '../model/ids.ts';
import { nextState, type TaskEvent, type TaskState } from '../model/states.ts';
import type { StoredTask, Task } from '../model/task.ts';
import { type Counters, etagsOf, isConflict } from './counters.ts';
import { fromRow, keysOf, rowKeyOf, type TaskRow, toUpdate } from './task-rows.ts';

/** So many tasks fit into a transaction: it has 100 entities, of which one is a counter or the job. */
export const maxTasksAtOnce = 99;

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
  readonly #table: TableClient;
  readonly #counters: Counters;

  constructor({ tasks, counters }: { tasks: TableClient; counters: Counters }) {
    this.#table = tasks;
    this.#counters = counters;
  }

  async get(taskId: string): Promise<StoredTask | null> {
    const { partitionKey, rowKey } = keysOf(taskId);
    try {
      return fromRow(await this.#table.getEntity<TaskRow>(partitionKey, rowKey));
    } catch (error) {
      if (error instanceof RestError && error.statusCode === 404) return null;
      throw error;
    }
  }

  /** The tasks of a job in the order of their index. */
  async *list(jobId: string, { state, after = -1, limit }: TaskListing): AsyncGenerator<StoredTask> {
    const range = odata`PartitionKey eq ${jobId} and RowKey gt ${rowKeyOf(after)} and RowKey lt 'task.'`;
    const filter = state === undefined ? range : `${range} and ${odata`state eq ${state}`}`;
    if (limit <= 0) return;
    for await (const row of this.#table.listEntities<TaskRow>({ queryOptions: { filter } })) {
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

  /** As `apply`, on up to 99 tasks of one job, all or none. */
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
      const answer = await this.#counters.submit(jobIdOf(tasks[0]), moves, actions);
      const etags = etagsOf(answer);
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
      const row = await this.#table.getEntity<TaskRow>(partitionKey, rowKey).catch((error) => {
        if (isConflict(error)) return null;
        throw error;
      });
      if (row?.change !== change) return null;
      stored.push({ ...task, etag: row.etag });
    }
    return stored;
  }

  /** Deletes rows of one job, at most 99, whatever has become of them. */
  async deleteAll(tasks: StoredTask[]): Promise<void> {
    try {
      await this.#table.submitTransaction(tasks.map((task) => ['delete', keysOf(task.id)]));
    } catch (error) {
      if (!isConflict(error)) throw error;
      // Someone else deletes some of them too.
      for (const { partitionKey, rowKey } of tasks.map(({ id }) => keysOf(id))) {
        await this.#table.deleteEntity(partitionKey, rowKey).catch((error) => {
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
      const { etag } = await this.#table.updateEntity(row, mode, { etag: task.etag });
      return { ...changed, etag: etag as string };
    } catch (error) {
      if (!isConflict(error)) throw error;
      throw new TaskConflictError(`${task.id} changed meanwhile.`, { cause: error });
    }
  }
}

function jobIdOf({ id }: Task): string {
  return parseTaskId(id)?.jobId as string;
}
