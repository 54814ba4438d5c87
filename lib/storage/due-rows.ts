/** Table `due`: what is to be done later, a row each. The timer finds those whose time has come, so that no message waits out of sight. */
import { odata, type TableClient } from '@azure/data-tables';
import { isConflict } from './table.ts';

/** Looking at a job; calling back once more. Each kind is a partition. */
export type DueKind = 'watch' | 'callback';

/** What is due: the id of a job or task, and of a callback, which attempt. */
export type Due = {
  id: string;
  attempt?: number | undefined;
};

type Row = Due & {
  partitionKey: DueKind;
  /** The time first: rows sort by it. */
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

  /** Pages of those that are due before `time`, the first first. */
  async *pagesBefore(kind: DueKind, time: Date): AsyncGenerator<DueRow[]> {
    const filter = odata`PartitionKey eq ${kind} and RowKey lt ${keyOf(time)}`;
    const pages = this.#table.listEntities<Row>({ queryOptions: { filter } }).byPage({ maxPageSize: rowsAPage });
    for await (const page of pages) yield page as DueRow[];
  }

  /** Puts it off. Has no effect where someone else has done so, or has removed it. */
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

/** Of as many digits for all times until the year 5138. */
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
