import { RestError, type TableClient, type TableEntity, type TableEntityResult } from '@azure/data-tables';

export type Keys = {
  partitionKey: string;
  rowKey: string;
};

/** A row with the version at which it was read. */
export type Stored<Row> = Row & { etag: string; timestamp?: string };

export interface RowPage<Row> {
  rows: Stored<Row>[];
  /** Where the next page begins; null after the last. */
  next: string | null;
}

/**
 * Rows of one kind in a table. What another process may have done meanwhile is an answer, not an error: null or false where a
 * row is not there, is there already, or is not at the version that was named.
 */
export class Table<Row extends Keys> {
  readonly #client: TableClient;

  constructor(client: TableClient) {
    this.#client = client;
  }

  async get({ partitionKey, rowKey }: Keys): Promise<Stored<Row> | null> {
    return orNull(this.#client.getEntity(partitionKey, rowKey)) as Promise<Stored<Row> | null>;
  }

  /** Gives the new row's ETag; null where there is one of its keys. */
  async create(row: Row): Promise<string | null> {
    const answer = await orNull(this.#client.createEntity(row as TableEntity<Row>));
    return answer && (answer.etag as string);
  }

  /** Writes the row whatever stands there. */
  async put(row: Row): Promise<void> {
    await this.#client.upsertEntity(row as TableEntity<Row>, 'Replace');
  }

  /** Gives the row's new ETag; null where it is not at version `etag`. */
  async replace(row: Row, etag: string): Promise<string | null> {
    const answer = await orNull(this.#client.updateEntity(row as TableEntity<Row>, 'Replace', { etag }));
    return answer && (answer.etag as string);
  }

  /** Whether there was one, at version `etag` where one is named. */
  async delete({ partitionKey, rowKey }: Keys, etag?: string): Promise<boolean> {
    const deleted = this.#client.deleteEntity(partitionKey, rowKey, etag === undefined ? {} : { etag });
    return (await orNull(deleted)) !== null;
  }

  /** The rows that an OData filter lets through. */
  async *list(filter: string): AsyncGenerator<Stored<Row>> {
    for await (const row of this.#client.listEntities<Row>({ queryOptions: { filter } })) yield row as Stored<Row>;
  }

  /** A page of the rows that an OData filter lets through, as `listRowPage`. */
  async page(filter: string, limit: number, place: string | null): Promise<RowPage<Row>> {
    return (await listRowPage<Row>(this.#client, filter, limit, place)) as RowPage<Row>;
  }
}

/**
 * A page of the rows that a filter lets through; `place` is the `next` of the page before. It may have fewer rows than
 * `limit`, or none, and yet not be the last.
 */
async function listRowPage<Row extends object>(
  table: TableClient,
  filter: string,
  limit: number,
  place: string | null,
): Promise<{ rows: TableEntityResult<Row>[]; next: string | null }> {
  const settings = { maxPageSize: limit, ...(place !== null && { continuationToken: place }) };
  const { value } = await table.listEntities<Row>({ queryOptions: { filter } }).byPage(settings).next();
  return { rows: value ?? [], next: value?.continuationToken ?? null };
}

/** A row is not as it was read: changed, gone, or there already. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** Whether a row was not as the request says: changed, gone, or there already. */
export function isConflict(error: unknown): boolean {
  return error instanceof RestError && [404, 409, 412].includes(error.statusCode ?? 0);
}

async function orNull<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (!isConflict(error)) throw error;
    return null;
  }
}
