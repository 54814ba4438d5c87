import { odata, type TableClient } from '@azure/data-tables';
import type { HistoryEnds, HistorySample } from '../model/history.ts';
import { type Columns, fromColumns, json, nullable, plain, toColumns } from './columns.ts';
import { type Keys, Table } from './table.ts';

const samples = 'history-samples';
const ends = 'history-ends';

const sampleColumns: Columns<Omit<HistorySample, 'at'>> = {
  queued: plain(),
  running: plain(),
  oldestQueuedSeconds: nullable(),
  poisoned: plain(),
  instances: plain(),
};

const endsColumns: Columns<HistoryEnds> = {
  succeeded: plain(),
  failed: plain(),
  canceled: plain(),
  failures: json<HistoryEnds['failures']>({}),
  operations: json<HistoryEnds['operations']>({}),
};

type SampleRow = Keys & Record<keyof typeof sampleColumns, unknown>;
type EndsRow = Keys & Record<keyof typeof endsColumns, unknown>;

/** A row of the history, to be deleted. */
export interface HistoryEntry {
  kind: string;
  /** Its time, and the process that wrote it. */
  name: string;
}

/** What operators see of the last hours: rows of table `instances`, by time. */
export class HistoryRows {
  readonly #samples: Table<SampleRow>;
  readonly #ends: Table<EndsRow>;

  constructor(client: TableClient) {
    this.#samples = new Table(client);
    this.#ends = new Table(client);
  }

  /** One for each minute: a second one takes the place of the first. */
  async putSample({ at, ...counts }: HistorySample): Promise<void> {
    const minute = `${at.toISOString().slice(0, 16)}Z`;
    await this.#samples.put({ partitionKey: samples, rowKey: minute, ...toColumns(sampleColumns, counts) });
  }

  /** What ended in a process within the period that begins at `from`; takes the place of what it wrote of it before. */
  async putEnds(from: Date, process: string, counted: HistoryEnds): Promise<void> {
    const rowKey = `${from.toISOString()}-${process}`;
    await this.#ends.put({ partitionKey: ends, rowKey, ...toColumns(endsColumns, counted) });
  }

  /** In order. */
  async *samplesSince(since: Date): AsyncGenerator<HistorySample> {
    const filter = odata`PartitionKey eq ${samples} and RowKey ge ${since.toISOString()}`;
    for await (const row of this.#samples.list(filter))
      yield { at: new Date(row.rowKey), ...fromColumns(sampleColumns, row).thing };
  }

  /** Those of each process, in the order of the periods. */
  async *endsSince(since: Date): AsyncGenerator<{ from: Date; ends: HistoryEnds }> {
    const filter = odata`PartitionKey eq ${ends} and RowKey ge ${since.toISOString()}`;
    for await (const row of this.#ends.list(filter))
      yield { from: new Date(row.rowKey.slice(0, 24)), ends: fromColumns(endsColumns, row).thing };
  }

  /** A page of what is older than `before`; `place` is the `next` of the page before. */
  async pageBefore(before: Date, limit: number, place: string | null) {
    const old = before.toISOString();
    const filter = odata`(PartitionKey eq ${samples} or PartitionKey eq ${ends}) and RowKey lt ${old}`;
    const { rows, next } = await this.#samples.page(filter, limit, place);
    return {
      entries: rows.map(({ partitionKey, rowKey }): HistoryEntry => ({ kind: partitionKey, name: rowKey })),
      next,
    };
  }

  delete({ kind, name }: HistoryEntry): Promise<boolean> {
    return this.#samples.delete({ partitionKey: kind, rowKey: name });
  }
}
