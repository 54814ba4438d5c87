/** A job as a row of table `tasks`, in the partition of its tasks. */
import { createHash } from 'node:crypto';
import { RestError, type TableClient, type TableEntityResult } from '@azure/data-tables';
import { type Job, type JobRecord, jobCounts, type StoredJob } from '../model/job.ts';
import { type Counts, sumOfCounts } from '../model/states.ts';
import { countersFilter, countsIn, isCounterRow, jobRowsFilter } from './counters.ts';
import { type JobExtent, partitionsOf } from './partitions.ts';
import { isConflict } from './table.ts';
import { callbackFromJson, fromJson, toJson } from './task-rows.ts';

export type JobRow = {
  partitionKey: string;
  rowKey: string;
  owner: string;
  requestId?: string | undefined;
  traceparent?: string | undefined;
  name?: string | undefined;
  /** The columns that are objects in the job are JSON text in the row. */
  steps: string;
  output: string;
  page: number;
  reference?: string | undefined;
  total?: number | undefined;
  expansion?: string | undefined;
  sweep?: string | undefined;
  createdAt: Date;
  canceledAt?: Date | undefined;
  finishedAt?: Date | undefined;
  error?: string | undefined;
  callback?: string | undefined;
};

const rowKey = 'job';

/** Someone else changed the job. */
export class JobConflictError extends Error {
  override readonly name = 'JobConflictError';
}

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
  readonly #table: TableClient;

  constructor(table: TableClient) {
    this.#table = table;
  }

  /** The job's row alone: a point read. */
  async find(jobId: string): Promise<JobRecord | null> {
    try {
      return fromRow(await this.#table.getEntity<JobRow>(jobId, rowKey));
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
    for await (const row of this.#table.listEntities<Partial<JobRow & SummaryRow>>({ queryOptions })) rows.push(row);
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
        const rows = this.#table.listEntities<Counts>({ queryOptions: { filter: countersFilter(partition) } });
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
    await this.#table.upsertEntity(row, 'Replace');
    return counts;
  }

  /** Gives the new row's ETag; that of the row as it stands where an earlier try at the same request has made it. */
  async create(job: Job): Promise<string> {
    try {
      return (await this.#table.createEntity(jobToRow(job))).etag as string;
    } catch (error) {
      const earlier = isConflict(error) ? await this.find(job.id) : null;
      if (!earlier) throw error;
      return earlier.rowEtag;
    }
  }

  /** Writes `changes` if the job's row is still as `job` says; throws `JobConflictError` where it is not. */
  async update<J extends JobRecord>(job: J, changes: Partial<Job>): Promise<J> {
    const changed = { ...job, ...changes };
    try {
      const { etag } = await this.#table.updateEntity(jobToRow(changed), 'Replace', { etag: job.rowEtag });
      return { ...changed, rowEtag: etag as string, touchedAt: new Date() };
    } catch (error) {
      if (!isConflict(error)) throw error;
      throw new JobConflictError(`Job ${job.id} changed meanwhile.`, { cause: error });
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
        if (!(error instanceof JobConflictError)) throw error;
      }
    }
  }

  /** Deletes the job's row and its counters; the row last, as it tells where the others are. */
  async delete(job: JobExtent): Promise<void> {
    for (const partition of partitionsOf(job).reverse()) {
      const queryOptions = { filter: jobRowsFilter(partition), select: ['partitionKey', 'rowKey'] };
      const rows = await Array.fromAsync(this.#table.listEntities({ queryOptions }));
      for (const { rowKey } of rows.reverse()) {
        await this.#table.deleteEntity(partition, rowKey as string).catch((error) => {
          if (!isConflict(error)) throw error;
        });
      }
    }
  }

  /** Whether the job was canceled: a point read, for instances about to begin one of its tasks. */
  async isCanceled(jobId: string): Promise<boolean> {
    try {
      const select = ['canceledAt'];
      return (await this.#table.getEntity<JobRow>(jobId, rowKey, { queryOptions: { select } })).canceledAt != null;
    } catch (error) {
      if (error instanceof RestError && error.statusCode === 404) return true;
      throw error;
    }
  }
}

export function jobToRow(job: Job): JobRow {
  return {
    partitionKey: job.id,
    rowKey,
    owner: job.owner,
    requestId: job.requestId ?? undefined,
    traceparent: job.traceparent ?? undefined,
    name: job.name ?? undefined,
    steps: JSON.stringify(job.steps),
    output: JSON.stringify(job.output),
    page: job.page,
    reference: toJson(job.reference),
    total: job.total ?? undefined,
    expansion: toJson(job.expansion),
    sweep: toJson(job.sweep),
    createdAt: job.createdAt,
    canceledAt: job.canceledAt ?? undefined,
    finishedAt: job.finishedAt ?? undefined,
    error: toJson(job.error),
    callback: toJson(job.callback),
  };
}

function fromRow(row: TableEntityResult<JobRow>): JobRecord {
  return {
    id: row.partitionKey,
    owner: row.owner,
    requestId: row.requestId ?? null,
    traceparent: row.traceparent ?? null,
    name: row.name ?? null,
    steps: JSON.parse(row.steps),
    output: JSON.parse(row.output),
    page: row.page,
    reference: fromJson(row.reference),
    total: row.total ?? null,
    expansion: fromJson<Job['expansion']>(row.expansion),
    sweep: fromJson(row.sweep),
    createdAt: row.createdAt,
    canceledAt: row.canceledAt ?? null,
    finishedAt: row.finishedAt ?? null,
    error: fromJson<Job['error']>(row.error),
    callback: callbackFromJson(row.callback),
    rowEtag: row.etag,
    touchedAt: new Date(row.timestamp as string),
  };
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
