import { RestError, type TableClient } from '@azure/data-tables';
import { nextState, type TaskEvent } from './states.ts';
import type { StoredTask, Task } from './task.ts';
import { fromRow, keysOf, type TaskRow, toRow } from './task-rows.ts';

/** Someone else changed the task, or it is in a state that does not allow the change. */
export class TaskConflictError extends Error {
  override readonly name = 'TaskConflictError';
}

/** The task rows. Every change of state goes through `apply`. */
export class TaskStore {
  readonly #table: TableClient;

  constructor(table: TableClient) {
    this.#table = table;
  }

  async create(task: Task): Promise<StoredTask> {
    const { etag } = await this.#table.createEntity(toRow(task));
    return { ...task, etag: etag as string };
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

  /**
   * Moves the task on by `event` and writes `changes` with it, if the row is still as `task` says.
   * Throws `TaskConflictError` where it is not, or where its state does not allow the event.
   */
  async apply(task: StoredTask, event: TaskEvent, changes: Partial<Task> = {}): Promise<StoredTask> {
    const state = nextState(task.state, event);
    if (!state) throw new TaskConflictError(`Task ${task.id} is ${task.state}: it cannot ${event}.`);
    const changed = { ...task, ...changes, state };
    try {
      const { etag } = await this.#table.updateEntity(toRow(changed), 'Replace', { etag: task.etag });
      return { ...changed, etag: etag as string };
    } catch (error) {
      if (error instanceof RestError && (error.statusCode === 412 || error.statusCode === 404)) {
        throw new TaskConflictError(`Task ${task.id} was changed by someone else.`, { cause: error });
      }
      throw error;
    }
  }
}
