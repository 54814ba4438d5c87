import { odata, type TableClient } from '@azure/data-tables';
import { isConflict, type Keys, Table } from './table.ts';
import { taskIdInRow } from './task-rows.ts';
import type { TaskTables } from './task-tables.ts';

export interface SearchLimits {
  /** A large table is gone through in several runs, of so many milliseconds each. */
  runMs: number;
  /** Rows per request. */
  pageRows: number;
}

/** How far the search has come. */
export interface SearchPlace {
  /** When this pass through the tables began. */
  begun: Date;
  /** The account whose table it goes on with. None where it is at the end, or where only the first was searched. */
  account?: number | undefined;
  /** Where in that table it goes on; none for its beginning. */
  continuation?: string | undefined;
}

/** Whether a pass goes on there. */
export function isUnderWay({ account, continuation }: SearchPlace): boolean {
  return account !== undefined || continuation !== undefined;
}

/** A row of table `instances`, as each run may be in a new process. */
type PlaceRow = Keys & SearchPlace;

const keys = { partitionKey: 'search', rowKey: 'lost-tasks' };

/** A task that waits, as the search finds it. */
export interface QueuedTask {
  id: string;
  inJob: boolean;
  etag: string;
  partitionKey: string;
  rowKey: string;
}

/** Goes through all tasks that wait, in as many runs as it takes. */
export class QueuedTaskSearch {
  readonly #tasks: TaskTables;
  readonly #places: Table<PlaceRow>;

  constructor(tasks: TaskTables, places: TableClient) {
    this.#tasks = tasks;
    this.#places = new Table(places);
  }

  /** How far the last run has come; null before the first. */
  place(): Promise<SearchPlace | null> {
    return this.#places.get(keys);
  }

  /**
   * The tasks that were last written before `before`: goes on at `last`, or begins anew. An account that fails is left out until the
   * next pass; the error is thrown at the end.
   */
  async *run(last: SearchPlace | null, before: Date, { runMs, pageRows }: SearchLimits): AsyncGenerator<QueuedTask> {
    const deadline = Date.now() + runMs;
    const { begun, account: first = 0, continuation } = last && isUnderWay(last) ? last : { begun: new Date() };
    const failures: unknown[] = [];
    for (const [account, table] of this.#tasks.all.entries()) {
      if (account < first) continue;
      try {
        const pages = pagesOf(table, before, pageRows, account === first ? continuation : undefined);
        for await (const { tasks, next } of pages) {
          yield* tasks;
          if (Date.now() < deadline) continue;
          const isLast = next === undefined && account === this.#tasks.all.length - 1;
          const place = next === undefined ? { account: account + 1 } : { account, continuation: next };
          return void (await this.#places.put({ ...keys, begun, ...(!isLast && place) }));
        }
      } catch (error) {
        failures.push(error);
      }
    }
    await this.#places.put({ ...keys, begun });
    if (failures.length > 0) throw failures[0];
  }

  /** Makes the row new, so that the next run leaves it alone. False where someone else has just changed it. */
  async touch({ partitionKey, rowKey, etag }: QueuedTask): Promise<boolean> {
    try {
      await this.#tasks.of(partitionKey).updateEntity({ partitionKey, rowKey }, 'Merge', { etag });
      return true;
    } catch (error) {
      if (!isConflict(error)) throw error;
      return false;
    }
  }
}

async function* pagesOf(table: TableClient, before: Date, pageRows: number, from: string | undefined) {
  const filter = odata`state eq ${'Queued'} and Timestamp lt ${before}`;
  const select = ['PartitionKey', 'RowKey', 'inJob'];
  const rows = table.listEntities<{ inJob: boolean }>({ queryOptions: { filter, select } });
  const pages = rows.byPage({ maxPageSize: pageRows, ...(from !== undefined && { continuationToken: from }) });
  for await (const page of pages) {
    const tasks = page.map(
      ({ partitionKey = '', rowKey = '', inJob, etag }): QueuedTask => ({
        id: taskIdInRow({ partitionKey, rowKey }),
        inJob,
        etag,
        partitionKey,
        rowKey,
      }),
    );
    yield { tasks, next: page.continuationToken };
  }
}
