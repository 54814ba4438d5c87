/** A job as a row of table `tasks`, in the partition of its tasks. */
import { createHash } from 'node:crypto';
import { RestError, type TableEntityResult } from '@azure/data-tables';
import { type Job, type JobRecord, jobCounts, type StoredJob } from '../model/job.ts';
import { type Counts, sumOfCounts } from '../model/states.ts';
import { type Columns, fromColumns, nullable, nullableJson, plain, toColumns } from './columns.ts';
import { countersFilter, countsIn, isCounterRow, jobRowsFilter } from './counters.ts';
import { type JobExtent, partitionsOf } from './partitions.ts';
import { ConflictError, isConflict, type Keys } from './table.ts';
import { callbackColumn, workColumns } from './task-rows.ts';
import type { TaskTables } from './task-tables.ts';

type JobFields = Omit<Job, 'id'>;

export type JobRow = Keys & Record<keyof JobFields, unknown>;

const columns: Columns<JobFields> = {
  ...workColumns,
  owner: plain(),
  requestId: nullable(),
  traceparent: nullable(),
  name: nullable(),
  reference: nullableJson(),
  total: nullable(),
  expansion: nullableJson(),
  sweep: nullableJson(),
  createdAt: plain(),
  canceledAt: nullable(),
  finishedAt: nullable(),
  error: nullableJson(),
  callback: callbackColumn,
};

const rowKey = 'job';

/** The counts in a job's other partitions, as they were a moment ago. */
interface SummaryRow extends Counts {
  partitionKey: string;
  rowKey: string;
  /** When they were read. */
  readAt: Date;
  /** The end that the job had then: nothing has changed since. */
  finishedAt?: Date | undefined;
}

const summaryKey = 'job-summary';
/** A summary serves whoever asks within this time. */
const summaryMs = 1000;

/** The job rows, read together with the counts of their tasks. */
export class JobStore {
  readonly #tables: TaskTables;

  constructor(tables: TaskTables) {
    this.#tables = tables;
  }

  /** The job's row alone: a point read. */
  async find(jobId: string): Promise<JobRecord | null> {
    try {
      return fromRow(await this.#tables.of(jobId).getEntity<JobRow>(jobId, rowKey));
    } catch (error) {
      if (!isConflict(error)) throw error;
      return null;
    }
  }

  /** With exact counts: a query for each partition of the job. */
  async get(jobId: string): Promise<StoredJob | null> {
    const found = await this.#readFirst(jobId);
    return found && storedJob(found.job, [...found.counts, ...(await this.#countOthers(found.job))]);
  }

  /** With counts that may be a second old, exact once the job is done: one query, however large the job. */
  async glance(jobId: string): Promise<StoredJob | null> {
    const found = await this.#readFirst(jobId);
    if (!found) return null;
    const { job, counts, summary } = found;
    if (partitionsOf(job).length === 1) return storedJob(job, counts);
    return storedJob(job, [...counts, isFresh(summary, job) ? summary : await this.#summarize(job)]);
  }

  /** The job's first partition: its row, what was counted there, and the summary of the others. */
  async #readFirst(jobId: string) {
    const rows: TableEntityResult<Partial<JobRow & SummaryRow>>[] = [];
    const queryOptions = { filter: jobRowsFilter(jobId) };
    for await (const row of this.#tables.of(jobId).listEntities<Partial<JobRow & SummaryRow>>({ queryOptions }))
      rows.push(row);
    const row = rows.find((row) => row.rowKey === rowKey);
    if (!row) return null;
    const summary = rows.find((row) => row.rowKey === summaryKey) as SummaryRow | undefined;
    return {
      job: fromRow(row as TableEntityResult<JobRow>),
      counts: rows.filter(isCounterRow).map(countsIn),
      summary: summary ?? null,
    };
  }

  async #countOthers(job: Job): Promise<Counts[]> {
    const [, ...others] = partitionsOf(job);
    const counts = await Promise.all(
      others.map(async (partition) => {
        const queryOptions = { filter: countersFilter(partition) };
        const rows = this.#tables.of(partition).listEntities<Counts>({ queryOptions });
        return await Array.fromAsync(rows, countsIn);
      }),
    );
    return counts.flat();
  }

  async #summarize(job: Job): Promise<Counts> {
    const readAt = new Date();
    const counts = sumOfCounts(await this.#countOthers(job));
    const row: SummaryRow = {
      ...counts,
      partitionKey: job.id,
      rowKey: summaryKey,
      readAt,
      finishedAt: job.finishedAt ?? undefined,
    };
    await this.#tables.of(job.id).upsertEntity(row, 'Replace');
    return counts;
  }

  /** Gives the new row's ETag; that of the row as it stands where an earlier try at the same request has made it. */
  async create(job: Job): Promise<string> {
    try {
      return (await this.#tables.of(job.id).createEntity(jobToRow(job))).etag as string;
    } catch (error) {
      const earlier = isConflict(error) ? await this.find(job.id) : null;
      if (!earlier) throw error;
      return earlier.rowEtag;
    }
  }

  /** Writes `changes` if the job's row is still as `job` says; throws `ConflictError` where it is not. */
  async update<J extends JobRecord>(job: J, changes: Partial<Job>): Promise<J> {
    const changed = { ...job, ...changes };
    try {
      const { etag } = await this.#tables.of(job.id).updateEntity(jobToRow(changed), 'Replace', { etag: job.rowEtag });
      return { ...changed, rowEtag: etag as string, touchedAt: new Date() };
    } catch (error) {
      if (!isConflict(error)) throw error;
      throw new ConflictError(`Job ${job.id} changed meanwhile.`, { cause: error });
    }
  }

  /** As `update`, with changes that hold whatever else has changed: tried until no one comes in between. Null where the job is gone. */
  amend(jobId: string, change: (job: JobRecord) => Partial<Job> | null): Promise<JobRecord | null> {
    return this.#amend(() => this.find(jobId), change);
  }

  /** As `amend`, with changes that depend on the counts of the job's tasks. */
  amendCounted(jobId: string, change: (job: StoredJob) => Partial<Job> | null): Promise<StoredJob | null> {
    return this.#amend(() => this.get(jobId), change);
  }

  async #amend<J extends JobRecord>(
    read: () => Promise<J | null>,
    change: (job: J) => Partial<Job> | null,
  ): Promise<J | null> {
    for (;;) {
      const job = await read();
      const changes = job && change(job);
      if (!changes) return job;
      try {
        return await this.update(job, changes);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
      }
    }
  }

  /** Deletes the job's row and its counters; the row last, as it tells where the others are. */
  async delete(job: JobExtent): Promise<void> {
    for (const partition of partitionsOf(job).reverse()) {
      const table = this.#tables.of(partition);
      const queryOptions = { filter: jobRowsFilter(partition), select: ['partitionKey', 'rowKey'] };
      const rows = await Array.fromAsync(table.listEntities({ queryOptions }));
      for (const { rowKey } of rows.reverse()) {
        await table.deleteEntity(partition, rowKey as string).catch((error) => {
          if (!isConflict(error)) throw error;
        });
      }
    }
  }

  /** Whether the job was canceled: a point read, for instances about to begin one of its tasks. */
  async isCanceled(jobId: string): Promise<boolean> {
    try {
      const select = ['canceledAt'];
      return (
        (await this.#tables.of(jobId).getEntity<JobRow>(jobId, rowKey, { queryOptions: { select } })).canceledAt != null
      );
    } catch (error) {
      if (error instanceof RestError && error.statusCode === 404) return true;
      throw error;
    }
  }
}

export function jobToRow(job: Job): JobRow {
  return { partitionKey: job.id, rowKey, ...toColumns(columns, job) };
}

function fromRow(row: TableEntityResult<JobRow>): JobRecord {
  const { thing, unreadable } = fromColumns(columns, row);
  if (unreadable.length > 0) throw new Error(`Job ${row.partitionKey} has columns that cannot be read: ${unreadable}.`);
  return { ...thing, id: row.partitionKey, rowEtag: row.etag, touchedAt: new Date(row.timestamp as string) };
}

function storedJob(job: JobRecord, moves: Counts[]): StoredJob {
  const counts = jobCounts(job, moves);
  const version = createHash('sha256')
    .update(`${job.rowEtag} ${JSON.stringify(counts)}`)
    .digest('base64url');
  return { ...job, counts, etag: `"${version.slice(0, 22)}"` };
}

function isFresh(summary: SummaryRow | null, { finishedAt }: Job): summary is SummaryRow {
  if (!summary) return false;
  if (finishedAt && summary.finishedAt?.getTime() === finishedAt.getTime()) return true;
  return Math.abs(Date.now() - summary.readAt.getTime()) < summaryMs;
}
