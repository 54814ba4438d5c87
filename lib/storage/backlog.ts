/** Table `backlog`: the jobs with tasks that are not in the queue yet, and the lease of the dispatcher. */
import { odata, type TableClient } from '@azure/data-tables';
import type { Lease } from '../model/lease.ts';
import { isConflict, Table } from './table.ts';

/** A job with tasks that are not in the queue yet. */
export interface BacklogEntry {
  jobId: string;
  owner: string;
  /** Number of these tasks when it was last recorded; null while it is unknown. */
  waiting: number | null;
  etag: string;
}

type EntryRow = { partitionKey: string; rowKey: string; owner: string; waiting?: number | undefined };

/** A lease, and the version of its row. */
export interface StoredLease {
  lease: Lease;
  etag: string;
}

type LeaseRow = { partitionKey: string; rowKey: string; lease: string };

const entryPartition = 'job';
const leaseKeys = { partitionKey: 'dispatcher', rowKey: 'lease' };
/** As many as a transaction takes. */
const entriesAtOnce = 100;

export class Backlog {
  readonly #table: TableClient;
  readonly #entries: Table<EntryRow>;
  readonly #leases: Table<LeaseRow>;

  constructor(table: TableClient) {
    this.#table = table;
    this.#entries = new Table(table);
    this.#leases = new Table(table);
  }

  /** Adds a job; one that is there already is marked as changed. */
  async add({ jobId, owner, waiting }: Omit<BacklogEntry, 'etag'>): Promise<void> {
    await this.#entries.put(rowOf({ jobId, owner, waiting }));
  }

  async has(jobId: string): Promise<boolean> {
    return (await this.#entries.get({ partitionKey: entryPartition, rowKey: jobId })) !== null;
  }

  list(): Promise<BacklogEntry[]> {
    const rows = this.#entries.list(odata`PartitionKey eq ${entryPartition}`);
    return Array.fromAsync(rows, ({ rowKey, owner, waiting = null, etag }) => ({
      jobId: rowKey,
      owner,
      waiting,
      etag,
    }));
  }

  /** Records the numbers of waiting tasks. Entries that have changed meanwhile are not overwritten. */
  async note(entries: BacklogEntry[]): Promise<void> {
    for (let first = 0; first < entries.length; first += entriesAtOnce) {
      const some = entries.slice(first, first + entriesAtOnce);
      try {
        await this.#table.submitTransaction(
          some.map((entry) => ['update', rowOf(entry), 'Replace', { etag: entry.etag }]),
        );
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
    }
  }

  /** Removes a job; if it was read, unless it was added again since. */
  async remove({ jobId, etag }: Pick<BacklogEntry, 'jobId'> & { etag?: string }): Promise<void> {
    await this.#entries.delete({ partitionKey: entryPartition, rowKey: jobId }, etag);
  }

  /** The lease of the dispatcher; null if there is none. */
  async lease(): Promise<StoredLease | null> {
    const row = await this.#leases.get(leaseKeys);
    return row && { lease: JSON.parse(row.lease), etag: row.etag };
  }

  /** Writes the lease over the version `etag` (null: none). Returns null if another instance was first. */
  async writeLease(lease: Lease, etag: string | null): Promise<StoredLease | null> {
    const row: LeaseRow = { ...leaseKeys, lease: JSON.stringify(lease) };
    const written = etag === null ? await this.#leases.create(row) : await this.#leases.replace(row, etag);
    return written === null ? null : { lease, etag: written };
  }

  async endLease(etag: string): Promise<void> {
    await this.#leases.delete(leaseKeys, etag);
  }
}

function rowOf({ jobId, owner, waiting }: Omit<BacklogEntry, 'etag'>): EntryRow {
  return { partitionKey: entryPartition, rowKey: jobId, owner, waiting: waiting ?? undefined };
}
