import { odata, type TableClient } from '@azure/data-tables';
import { type HistoryEnds, type HistorySample, noEnds } from '../model/history.ts';
import { type RowPage, type Stored, Table } from './table.ts';

const samples = 'history-samples';
const ends = 'history-ends';

type SampleRow = { partitionKey: string; rowKey: string } & Omit<HistorySample, 'at' | 'oldestQueuedSeconds'> & {
    oldestQueuedSeconds?: number;
  };

type EndsRow = {
  partitionKey: string;
  rowKey: string;
  succeeded: number;
  failed: number;
  canceled: number;
  /** JSON. */
  failures: string;
  /** JSON. */
  operations: string;
};

/** What operators see of the last hours: rows of table `instances`, by time. */
export class HistoryRows {
  readonly #samples: Table<SampleRow>;
  readonly #ends: Table<EndsRow>;

  constructor(client: TableClient) {
    this.#samples = new Table(client);
    this.#ends = new Table(client);
  }

  /** One for each minute: a second one takes the place of the first. */
  async putSample({ at, oldestQueuedSeconds, ...counts }: HistorySample): Promise<void> {
    const minute = `${at.toISOString().slice(0, 16)}Z`;
    const age = oldestQueuedSeconds === null ? {} : { oldestQueuedSeconds };
    await this.#samples.put({ partitionKey: samples, rowKey: minute, ...counts, ...age });
  }

  /** What ended in a process within the period that begins at `from`; takes the place of what it wrote of it before. */
  async putEnds(from: Date, process: string, { failures, operations, ...counts }: HistoryEnds): Promise<void> {
    const rowKey = `${from.toISOString()}-${process}`;
    const lists = { failures: JSON.stringify(failures), operations: JSON.stringify(operations) };
    await this.#ends.put({ partitionKey: ends, rowKey, ...counts, ...lists });
  }

  /** In order. */
  async *samplesSince(since: Date): AsyncGenerator<HistorySample> {
    const filter = odata`PartitionKey eq ${samples} and RowKey ge ${since.toISOString()}`;
    for await (const row of this.#samples.list(filter)) {
      const { rowKey, queued, running, oldestQueuedSeconds = null, poisoned, instances } = row;
      yield { at: new Date(rowKey), queued, running, oldestQueuedSeconds, poisoned, instances };
    }
  }

  /** Those of each process, in the order of the periods. */
  async *endsSince(since: Date): AsyncGenerator<{ from: Date; ends: HistoryEnds }> {
    const filter = odata`PartitionKey eq ${ends} and RowKey ge ${since.toISOString()}`;
    for await (const row of this.#ends.list(filter)) {
      const { rowKey, succeeded, failed, canceled, failures, operations } = row;
      const lists = { failures: JSON.parse(failures), operations: JSON.parse(operations) };
      yield { from: new Date(rowKey.slice(0, 24)), ends: { ...noEnds(), succeeded, failed, canceled, ...lists } };
    }
  }

  /** A page of the rows of before; `place` is the `next` of the page before. */
  pageBefore(before: Date, limit: number, place: string | null): Promise<RowPage<SampleRow>> {
    const old = before.toISOString();
    const filter = odata`(PartitionKey eq ${samples} or PartitionKey eq ${ends}) and RowKey lt ${old}`;
    return this.#samples.page(filter, limit, place);
  }

  delete({ partitionKey, rowKey }: Pick<Stored<SampleRow>, 'partitionKey' | 'rowKey'>): Promise<boolean> {
    return this.#samples.delete({ partitionKey, rowKey });
  }
}
