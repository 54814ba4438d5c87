import { odata } from '@azure/data-tables';
import type { Table } from './table.ts';

/** A request with an Idempotency-Key, and its answer once there is one: a row of table `callers`. */
export type RequestRow = {
  partitionKey: string;
  rowKey: string;
  /** The job that the request makes, the same when it is sent again after a crash in the middle. */
  jobId: string;
  createdAt: Date;
  /** Undefined once the request was abandoned, and may be carried out again. */
  startedAt?: Date | undefined;
  /** Of what was asked for: there before anything is done. */
  fingerprint?: string | undefined;
  status?: number;
  headers?: string;
  /** Undefined where a blob holds it. */
  body?: string | undefined;
};

export type RequestRows = Table<RequestRow>;

const prefix = 'request-';

export function requestKeys(owner: string, hash: string): Pick<RequestRow, 'partitionKey' | 'rowKey'> {
  return { partitionKey: owner, rowKey: `${prefix}${hash}` };
}

/** A filter for the requests of all callers that were begun before `time`. */
export function requestsBefore(time: Date): string {
  return odata`RowKey ge ${prefix} and RowKey lt 'request.' and createdAt lt ${time}`;
}
