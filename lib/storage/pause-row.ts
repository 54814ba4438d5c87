import type { TableClient } from '@azure/data-tables';
import { type Keys, Table } from './table.ts';

const keys = { partitionKey: 'switch', rowKey: 'pause' };

/** Whether all instances of the account are paused: a row of table `instances`. */
export class PauseRow {
  readonly #table: Table<Keys & { since: Date }>;

  constructor(client: TableClient) {
    this.#table = new Table(client);
  }

  /** Since when; null while they are not. */
  async since(): Promise<Date | null> {
    return (await this.#table.get(keys))?.since ?? null;
  }

  async set(since: Date): Promise<void> {
    await this.#table.put({ ...keys, since });
  }

  async clear(): Promise<void> {
    await this.#table.delete(keys);
  }
}
