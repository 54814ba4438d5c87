import type { TableClient } from '@azure/data-tables';
import { type Keys, Table } from './table.ts';

/** With what a caller's callbacks are signed. */
export interface StoredSecret {
  secret: string;
  /** Replaced, and good until `previousUntil`. */
  previous?: string | undefined;
  previousUntil?: Date | undefined;
}

const rowKey = 'callback-secret';

/** The callbacks' secret of each caller: a row of table `callers`. */
export class SecretRows {
  readonly #table: Table<Keys & StoredSecret>;

  constructor(client: TableClient) {
    this.#table = new Table(client);
  }

  async get(owner: string): Promise<StoredSecret | null> {
    return this.#table.get({ partitionKey: owner, rowKey });
  }

  /** Whether there was none: the first counts. */
  async create(owner: string, secret: StoredSecret): Promise<boolean> {
    return (await this.#table.create({ partitionKey: owner, rowKey, ...secret })) !== null;
  }

  async put(owner: string, secret: StoredSecret): Promise<void> {
    await this.#table.put({ partitionKey: owner, rowKey, ...secret });
  }
}
