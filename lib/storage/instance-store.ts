import { odata, type TableClient } from '@azure/data-tables';
import { type JobCommand, jobCommandIn } from './queues.ts';
import { Table } from './table.ts';

/** An instance that works on tasks, as it last said of itself. */
export interface InstanceState {
  id: string;
  tasks: string[];
  jobCommands: JobCommand[];
  heartbeat: Date;
  /** Tasks that end there in a minute, at its pace of late. */
  endedPerMinute: number;
  etag: string;
}

interface InstanceRow {
  partitionKey: string;
  rowKey: string;
  heartbeat: Date;
  /** A JSON list of ids. */
  tasks: string;
  /** A JSON list of messages. */
  jobCommands?: string;
  endedPerMinute?: number;
}

const partitionKey = 'instance';

/** Whoever has given no sign of life for so long is idle, or gone. */
export const aliveMs = 60_000;

/** Table `instances`: a row for each instance, written by that instance alone. */
export class InstanceStore {
  readonly #table: Table<InstanceRow>;

  constructor(table: TableClient) {
    this.#table = new Table(table);
  }

  /** Says that the instance is alive, what it works on, and at what pace. */
  async beat(id: string, tasks: string[], jobCommands: JobCommand[], endedPerMinute: number): Promise<void> {
    const row: InstanceRow = {
      partitionKey,
      rowKey: id,
      heartbeat: new Date(),
      endedPerMinute,
      tasks: JSON.stringify(tasks),
      jobCommands: JSON.stringify(jobCommands),
    };
    await this.#table.put(row);
  }

  /** The instances at work: those that have given a sign of life within `silentMs`. */
  alive(silentMs = aliveMs): Promise<InstanceState[]> {
    return Array.fromAsync(this.aliveSince(new Date(Date.now() - silentMs)));
  }

  /** The instances that have given a sign of life since `since`. */
  aliveSince(since: Date): AsyncGenerator<InstanceState> {
    return this.#list(odata`PartitionKey eq ${partitionKey} and heartbeat ge ${since}`);
  }

  /** Whether the instance has given a sign of life since `since` and named the task then. */
  async isWorkingOn(id: string, taskId: string, since: Date): Promise<boolean> {
    const row = await this.#find(id);
    return row !== null && row.heartbeat >= since && listIn(row.tasks).includes(taskId);
  }

  /** Those of `ids` that have given a sign of life since `since`. */
  async whoIsAlive(ids: readonly string[], since: Date): Promise<Set<string>> {
    const rows = await Promise.all([...new Set(ids)].map((id) => this.#find(id)));
    return new Set(rows.flatMap((row) => (row && row.heartbeat >= since ? [row.rowKey] : [])));
  }

  #find(id: string): Promise<InstanceRow | null> {
    return this.#table.get({ partitionKey, rowKey: id });
  }

  /** The instances without a sign of life since `since`. */
  silentSince(since: Date): AsyncGenerator<InstanceState> {
    return this.#list(odata`PartitionKey eq ${partitionKey} and heartbeat lt ${since}`);
  }

  async *#list(filter: string): AsyncGenerator<InstanceState> {
    for await (const row of this.#table.list(filter)) {
      const { rowKey: id, heartbeat, tasks, jobCommands = '[]', endedPerMinute = 0, etag } = row;
      const commands = listIn(jobCommands).flatMap((command) => jobCommandIn(command) ?? []);
      yield {
        id,
        tasks: listIn(tasks).filter((id) => typeof id === 'string'),
        jobCommands: commands,
        heartbeat,
        endedPerMinute,
        etag,
      };
    }
  }

  /** Forgets an instance that has ended in order. */
  async remove(id: string): Promise<void> {
    await this.#table.delete({ partitionKey, rowKey: id });
  }

  /** Forgets an instance, unless it has come back since. */
  async forget({ id, etag }: InstanceState): Promise<void> {
    await this.#table.delete({ partitionKey, rowKey: id }, etag);
  }
}

/** One row that something else has written must not keep all others from being read. */
function listIn(json: string): unknown[] {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
