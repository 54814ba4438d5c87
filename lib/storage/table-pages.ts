import type { TableClient, TableEntityResult } from '@azure/data-tables';

export interface RowPage<Row extends object> {
  rows: TableEntityResult<Row>[];
  /** Where the next page begins; null after the last. */
  next: string | null;
}

/** A page of the rows that a filter lets through; `place` is the `next` of the page before. It may have fewer rows than `limit`, or none, and yet not be the last. */
export async function listRowPage<Row extends object>(
  table: TableClient,
  filter: string,
  limit: number,
  place: string | null,
): Promise<RowPage<Row>> {
  const settings = { maxPageSize: limit, ...(place !== null && { continuationToken: place }) };
  const { value } = await table.listEntities<Row>({ queryOptions: { filter } }).byPage(settings).next();
  return { rows: value ?? [], next: value?.continuationToken ?? null };
}
