/** Table `backlog`: the jobs with tasks that are not in the queue yet, and which instance puts them there. */
import { odata, type TableClient } from '@azure/data-tables';
import type { Lease } from '../model/lease.ts';
import { isConflict } from './table.ts';

/** A job whose tasks wait for room in the queue. */
export interface BacklogEntry {
  jobId: string;
  owner: string;
  /** How many of its tasks wait, when that was last noted; null while it is not known. */
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

  constructor(table: TableClient) {
    this.#table = table;
  }

  /** Adds a job; one that is there already is marked as changed. */
  async add({ jobId, owner, waiting }: Omit<BacklogEntry, 'etag'>): Promise<void> {
    await this.#table.upsertEntity(rowOf({ jobId, owner, waiting }), 'Replace');
  }

  async has(jobId: string): Promise<boolean> {
    try {
      await this.#table.getEntity(entryPartition, jobId);
      return true;
    } catch (error) {
      if (!isConflict(error)) throw error;
      return false;
    }
  }

  list(): Promise<BacklogEntry[]> {
    return Array.fromAsync(this.#entries());
  }

  async *#entries(): AsyncGenerator<BacklogEntry> {
    const queryOptions = { filter: odata`PartitionKey eq ${entryPartition}` };
    for await (const { rowKey, owner, waiting, etag } of this.#table.listEntities<EntryRow>({ queryOptions }))
      yield { jobId: rowKey, owner, waiting: waiting ?? null, etag };
  }

  /** Notes how many tasks wait. Entries that changed meanwhile keep what they say. */
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

  /** Removes a job, unless it was added again since it was read. */
  async remove({ jobId, etag }: BacklogEntry): Promise<void> {
    try {
      await this.#table.deleteEntity(entryPartition, jobId, { etag });
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }

  /** The lease of the instance that empties the backlog; null where there is none. */
  async lease(): Promise<StoredLease | null> {
    try {
      const { lease, etag } = await this.#table.getEntity<LeaseRow>(leaseKeys.partitionKey, leaseKeys.rowKey);
      return { lease: JSON.parse(lease), etag };
    } catch (error) {
      if (!isConflict(error)) throw error;
      return null;
    }
  }

  /** Writes the lease over the version `etag`, null for none. Null where another instance was first. */
  async writeLease(lease: Lease, etag: string | null): Promise<StoredLease | null> {
    const row: LeaseRow = { ...leaseKeys, lease: JSON.stringify(lease) };
    try {
      const answer =
        etag === null ? await this.#table.createEntity(row) : await this.#table.updateEntity(row, 'Replace', { etag });
      return { lease, etag: answer.etag as string };
    } catch (error) {
      if (!isConflict(error)) throw error;
      return null;
    }
  }

  async endLease(etag: string): Promise<void> {
    try {
      await this.#table.deleteEntity(leaseKeys.partitionKey, leaseKeys.rowKey, { etag });
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}

function rowOf({ jobId, owner, waiting }: Omit<BacklogEntry, 'etag'>): EntryRow {
  return { partitionKey: entryPartition, rowKey: jobId, owner, waiting: waiting ?? undefined };
}
