/** Table `due`: one row for each item of delayed work. The timer reads the rows that are due, so no hidden messages are needed. */
import { odata, type TableClient } from '@azure/data-tables';
import { isConflict } from './table.ts';

/** `watch`: check a job. `callback`: retry a callback. Each kind is a partition. */
export type DueKind = 'watch' | 'callback';

/** The ID of a job or task and, for a callback, the number of the attempt. */
export type Due = {
  id: string;
  attempt?: number | undefined;
};

type Row = Due & {
  partitionKey: DueKind;
  /** Begins with the time, by which rows are sorted. */
  rowKey: string;
};

export type DueRow = Row & { etag: string };

const rowsAPage = 1000;

export class DueRows {
  readonly #table: TableClient;

  constructor(table: TableClient) {
    this.#table = table;
  }

  async add(kind: DueKind, what: Due, dueAt: Date): Promise<DueRow> {
    const row = rowOf(kind, what, dueAt);
    const { etag } = await this.#table.upsertEntity(row, 'Replace');
    return { ...row, etag: etag as string };
  }

  /** Pages of the rows that are due before `time`, earliest first. */
  async *pagesBefore(kind: DueKind, time: Date): AsyncGenerator<DueRow[]> {
    const filter = odata`PartitionKey eq ${kind} and RowKey lt ${keyOf(time)}`;
    const pages = this.#table.listEntities<Row>({ queryOptions: { filter } }).byPage({ maxPageSize: rowsAPage });
    for await (const page of pages) yield page as DueRow[];
  }

  /** Postpones a row. Has no effect if the row was moved or removed meanwhile. */
  async move({ partitionKey, rowKey, etag, id, attempt }: DueRow, dueAt: Date): Promise<void> {
    const moved = rowOf(partitionKey, { id, attempt }, dueAt);
    if (moved.rowKey === rowKey) return;
    await unlessChanged(
      this.#table.submitTransaction([
        ['delete', { partitionKey, rowKey, etag }],
        ['upsert', moved, 'Replace'],
      ]),
    );
  }

  async remove({ partitionKey, rowKey, etag }: DueRow): Promise<void> {
    await unlessChanged(this.#table.deleteEntity(partitionKey, rowKey, { etag }));
  }
}

function rowOf(partitionKey: DueKind, { id, attempt }: Due, dueAt: Date): Row {
  return { partitionKey, rowKey: `${keyOf(dueAt)}-${id}`, id, attempt };
}

/** The same number of digits for all times until the year 5138. */
function keyOf(time: Date): string {
  return String(time.getTime()).padStart(14, '0');
}

async function unlessChanged(change: Promise<unknown>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}
