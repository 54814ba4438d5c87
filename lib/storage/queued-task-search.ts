import { odata, type TableClient } from '@azure/data-tables';
import { isConflict, type Keys, Table } from './table.ts';
import { taskIdInRow } from './task-rows.ts';

export interface SearchLimits {
  /** A large table is gone through in several runs, of so many milliseconds each. */
  runMs: number;
  /** Rows per request. */
  pageRows: number;
}

/** How far the search has come. */
export interface SearchPlace {
  /** When this pass through the table began. */
  begun: Date;
  /** Where it goes on; none where it is at the end. */
  continuation?: string | undefined;
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
  readonly #tasks: TableClient;
  readonly #places: Table<PlaceRow>;

  constructor(tasks: TableClient, places: TableClient) {
    this.#tasks = tasks;
    this.#places = new Table(places);
  }

  /** How far the last run has come; null before the first. */
  place(): Promise<SearchPlace | null> {
    return this.#places.get(keys);
  }

  /** The tasks that were last written before `before`: goes on at `last`, or begins anew. */
  async *run(last: SearchPlace | null, before: Date, { runMs, pageRows }: SearchLimits): AsyncGenerator<QueuedTask> {
    const deadline = Date.now() + runMs;
    const continuationToken = last?.continuation;
    const begun = last && continuationToken !== undefined ? last.begun : new Date();
    const filter = odata`state eq ${'Queued'} and Timestamp lt ${before}`;
    const select = ['PartitionKey', 'RowKey', 'inJob'];
    const rows = this.#tasks.listEntities<{ inJob: boolean }>({ queryOptions: { filter, select } });
    const pages = rows.byPage({ maxPageSize: pageRows, ...(continuationToken !== undefined && { continuationToken }) });
    for await (const page of pages) {
      for (const { partitionKey = '', rowKey = '', inJob, etag } of page)
        yield { id: taskIdInRow({ partitionKey, rowKey }), inJob, etag, partitionKey, rowKey };
      const continuation = page.continuationToken;
      const isOver = Date.now() >= deadline;
      if (isOver || continuation === undefined) await this.#places.put({ ...keys, begun, continuation });
      if (isOver) return;
    }
  }

  /** Makes the row new, so that the next run leaves it alone. False where someone else has just changed it. */
  async touch({ partitionKey, rowKey, etag }: QueuedTask): Promise<boolean> {
    try {
      await this.#tasks.updateEntity({ partitionKey, rowKey }, 'Merge', { etag });
      return true;
    } catch (error) {
      if (!isConflict(error)) throw error;
      return false;
    }
  }
}
