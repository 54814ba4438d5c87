/** Table `jobs`: what a caller has handed in, newest first, and which task did what work. One partition for each caller. */
import { odata, RestError, type TableClient, type TransactionAction } from '@azure/data-tables';
import type { Job } from '../model/job.ts';
import { Table } from './table.ts';

type IndexRow = {
  partitionKey: string;
  rowKey: string;
  /** Of a row of work: the id of the task. */
  taskId?: string;
  /** Of a row of a job: its tasks, where their number was known at once. */
  total?: number | undefined;
};

const endOfTime = 9_999_999_999_999;
/** Rows of work are apart from those of jobs. */
const jobPrefix = 'job-';
const workPrefix = 'work-';

export interface ListedJob {
  id: string;
  owner: string;
  /** Its tasks; null where their number was not known when it was submitted. */
  total: number | null;
  /** Where a list goes on after this job. */
  position: string;
}

/** Work of a caller that a task has done. */
export interface NotedWork {
  owner: string;
  /** The task's cache key. */
  key: string;
}

/** Later jobs sort first. */
export function positionOf({ id, createdAt }: Pick<Job, 'id' | 'createdAt'>): string {
  return `${String(endOfTime - createdAt.getTime()).padStart(13, '0')}-${id}`;
}

export function jobIdAt(position: string): string {
  return position.slice(14);
}

export class OwnerIndex {
  readonly #table: TableClient;
  readonly #rows: Table<IndexRow>;

  constructor(table: TableClient) {
    this.#table = table;
    this.#rows = new Table(table);
  }

  /**
   * Lists a job and, where `work` is given, notes which task does that work, unless one is noted already: then
   * nothing is written and the answer is the id of that task.
   */
  async add(job: Job, work: { key: string; taskId: string } | null): Promise<string | null> {
    const listed = rowOf(job);
    if (!work) {
      await this.#rows.put(listed);
      return null;
    }
    const noted = { partitionKey: job.owner, rowKey: workPrefix + work.key, taskId: work.taskId };
    const actions: TransactionAction[] = [
      ['upsert', listed, 'Replace'],
      ['create', noted],
    ];
    try {
      await this.#table.submitTransaction(actions);
      return null;
    } catch (error) {
      if (!(error instanceof RestError && error.statusCode === 409)) throw error;
      return (await this.#table.getEntity<IndexRow>(job.owner, workPrefix + work.key)).taskId ?? null;
    }
  }

  /** As `add`, where another task is noted that cannot stand for this one. */
  async replace(job: Job, work: { key: string; taskId: string }): Promise<void> {
    await this.#table.submitTransaction([
      ['upsert', rowOf(job), 'Replace'],
      ['upsert', { partitionKey: job.owner, rowKey: workPrefix + work.key, taskId: work.taskId }, 'Replace'],
    ]);
  }

  async *list(owner: string, after = ''): AsyncGenerator<ListedJob> {
    const filter = odata`PartitionKey eq ${owner} and RowKey gt ${jobPrefix + after} and RowKey lt 'job.'`;
    for await (const row of this.#rows.list(filter)) yield listed(row);
  }

  /** A page of the jobs of all callers that were created before `time`; `place` is the `next` of the page before. */
  async pageBefore(time: Date, limit: number, place: string | null) {
    const start = jobPrefix + String(endOfTime - time.getTime()).padStart(13, '0');
    const filter = odata`RowKey gt ${start} and RowKey lt 'job.'`;
    const { rows, next } = await this.#rows.page(filter, limit, place);
    return { jobs: rows.map(listed), next };
  }

  async remove({ id, owner, createdAt }: Pick<Job, 'id' | 'owner' | 'createdAt'>): Promise<void> {
    await this.#rows.delete({ partitionKey: owner, rowKey: jobPrefix + positionOf({ id, createdAt }) });
  }

  async removeAt({ owner, position }: ListedJob): Promise<void> {
    await this.#rows.delete({ partitionKey: owner, rowKey: jobPrefix + position });
  }

  /** Forgets that the task has done the work, if it is the one that is noted. */
  async forgetWork(owner: string, key: string, taskId: string): Promise<void> {
    const noted = await this.#rows.get({ partitionKey: owner, rowKey: workPrefix + key });
    if (noted?.taskId === taskId) await this.#rows.delete(noted, noted.etag);
  }

  /** A page of the notes of work that are older than `time`: their tasks are gone. */
  async workBefore(
    time: Date,
    limit: number,
    place: string | null,
  ): Promise<{ work: NotedWork[]; next: string | null }> {
    const filter = odata`RowKey ge ${workPrefix} and RowKey lt 'work.' and Timestamp lt ${time}`;
    const { rows, next } = await this.#rows.page(filter, limit, place);
    return {
      work: rows.map(({ partitionKey, rowKey }) => ({ owner: partitionKey, key: rowKey.slice(workPrefix.length) })),
      next,
    };
  }

  /** Whether it was there. */
  deleteWork({ owner, key }: NotedWork): Promise<boolean> {
    return this.#rows.delete({ partitionKey: owner, rowKey: workPrefix + key });
  }
}

function rowOf(job: Job): IndexRow {
  return { partitionKey: job.owner, rowKey: jobPrefix + positionOf(job), total: job.total ?? undefined };
}

function listed({ partitionKey, rowKey, total }: Partial<IndexRow>): ListedJob {
  const position = (rowKey as string).slice(jobPrefix.length);
  return { id: jobIdAt(position), owner: partitionKey as string, total: total ?? null, position };
}
