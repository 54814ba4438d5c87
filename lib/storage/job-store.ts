/** A job as a row of table `tasks`, in the partition of its tasks. */
import { createHash } from 'node:crypto';
import { RestError, type TableClient, type TableEntityResult } from '@azure/data-tables';
import { type Job, jobCounts, type StoredJob } from '../model/job.ts';
import type { Counts } from '../model/states.ts';
import { countsIn, isConflict, jobRowsFilter } from './counters.ts';
import { callbackFromJson, fromJson, toJson } from './task-rows.ts';

export type JobRow = {
  partitionKey: string;
  rowKey: string;
  owner: string;
  requestId?: string | undefined;
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

/** The job rows, read together with the counts of their tasks: one query, however many tasks there are. */
export class JobStore {
  readonly #table: TableClient;

  constructor({ tasks }: { tasks: TableClient }) {
    this.#table = tasks;
  }

  async get(jobId: string): Promise<StoredJob | null> {
    const rows: TableEntityResult<JobRow & Partial<Counts>>[] = [];
    const queryOptions = { filter: jobRowsFilter(jobId) };
    for await (const row of this.#table.listEntities<JobRow & Partial<Counts>>({ queryOptions })) rows.push(row);
    const row = rows.find((row) => row.rowKey === rowKey);
    return row ? fromRow(row, rows) : null;
  }

  /** Writes `changes` if the job's row is still as `job` says; throws `JobConflictError` where it is not. */
  async update(job: StoredJob, changes: Partial<Job>): Promise<StoredJob> {
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
  async amend(jobId: string, change: (job: StoredJob) => Partial<Job> | null): Promise<StoredJob | null> {
    for (;;) {
      const job = await this.get(jobId);
      const changes = job && change(job);
      if (!changes) return job;
      try {
        return await this.update(job, changes);
      } catch (error) {
        if (!(error instanceof JobConflictError)) throw error;
      }
    }
  }

  /** Deletes the job's row and its counters. */
  async delete(jobId: string): Promise<void> {
    const queryOptions = { filter: jobRowsFilter(jobId), select: ['partitionKey', 'rowKey'] };
    for await (const { rowKey } of this.#table.listEntities({ queryOptions })) {
      await this.#table.deleteEntity(jobId, rowKey as string).catch((error) => {
        if (!isConflict(error)) throw error;
      });
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

function fromRow(row: TableEntityResult<JobRow>, rows: TableEntityResult<Partial<Counts>>[]): StoredJob {
  const expansion = fromJson<Job['expansion']>(row.expansion);
  const total = row.total ?? null;
  const canceledAt = row.canceledAt ?? null;
  const error = fromJson<Job['error']>(row.error);
  const created = expansion ? expansion.created : (total ?? 0);
  return {
    id: row.partitionKey,
    owner: row.owner,
    requestId: row.requestId ?? null,
    name: row.name ?? null,
    steps: JSON.parse(row.steps),
    output: JSON.parse(row.output),
    page: row.page,
    reference: fromJson(row.reference),
    total,
    expansion,
    sweep: fromJson(row.sweep),
    createdAt: row.createdAt,
    canceledAt,
    finishedAt: row.finishedAt ?? null,
    error,
    callback: callbackFromJson(row.callback),
    rowEtag: row.etag,
    touchedAt: new Date(row.timestamp as string),
    etag: `"${createHash('sha256')
      .update(rows.map(({ etag }) => etag).join())
      .digest('base64url')
      .slice(0, 22)}"`,
    counts: jobCounts({ total, created, stopped: canceledAt !== null || error !== null }, rows.map(countsIn)),
  };
}
