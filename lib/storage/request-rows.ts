import { odata, type TableClient } from '@azure/data-tables';
import { type Keys, type Stored, Table } from './table.ts';

/** A request with an Idempotency-Key, and its answer once there is one. */
export type KeyedRequest = {
  /** Who has sent it. */
  owner: string;
  /** SHA-256 of the call and its key. */
  hash: string;
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

export type StoredRequest = KeyedRequest & { etag: string };

type RequestRow = Keys & Omit<KeyedRequest, 'owner' | 'hash'>;

const prefix = 'request-';

/** The requests of each caller that have a key: rows of table `callers`. */
export class RequestRows {
  readonly #table: Table<RequestRow>;

  constructor(client: TableClient) {
    this.#table = new Table(client);
  }

  async get(request: Pick<KeyedRequest, 'owner' | 'hash'>): Promise<StoredRequest | null> {
    const row = await this.#table.get(keysOf(request));
    return row && fromRow(row);
  }

  /** Gives the new ETag; null where the caller has used the key before. */
  create(request: KeyedRequest): Promise<string | null> {
    return this.#table.create(toRow(request));
  }

  /** Gives the new ETag; null where the request is not at version `etag`. */
  replace(request: KeyedRequest, etag: string): Promise<string | null> {
    return this.#table.replace(toRow(request), etag);
  }

  /** Whether there was one, at version `etag` where one is named. */
  delete(request: Pick<KeyedRequest, 'owner' | 'hash'>, etag?: string): Promise<boolean> {
    return this.#table.delete(keysOf(request), etag);
  }

  /** A page of the requests of all callers that were first sent before `time`; `place` is the `next` of the page before. */
  async pageBefore(time: Date, limit: number, place: string | null) {
    const filter = odata`RowKey ge ${prefix} and RowKey lt 'request.' and createdAt lt ${time}`;
    const { rows, next } = await this.#table.page(filter, limit, place);
    return { requests: rows.map(fromRow), next };
  }
}

function keysOf({ owner, hash }: Pick<KeyedRequest, 'owner' | 'hash'>): Keys {
  return { partitionKey: owner, rowKey: prefix + hash };
}

function toRow({ owner, hash, ...rest }: KeyedRequest): RequestRow {
  const { etag: _, ...facts } = rest as Partial<StoredRequest>;
  return { ...keysOf({ owner, hash }), ...(facts as typeof rest) };
}

function fromRow({ partitionKey, rowKey, timestamp: _, ...rest }: Stored<RequestRow>): StoredRequest {
  return { owner: partitionKey, hash: rowKey.slice(prefix.length), ...rest };
}
