import type { TableClient } from '@azure/data-tables';
import { accountOfPartition, ofAccount } from './placement.ts';

/** Table `tasks` of each account. */
export class TaskTables {
  readonly all: readonly TableClient[];

  constructor(all: readonly TableClient[]) {
    this.all = all;
  }

  /** The table that holds a partition. Throws `UnknownAccountError`. */
  of(partition: string): TableClient {
    return ofAccount(this.all, accountOfPartition(partition));
  }
}
