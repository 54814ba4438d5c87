/** Table `watches`: a row for each job that has to be looked at again, and when. The row is the truth; a message is its alarm. */
import { odata, type TableClient } from '@azure/data-tables';
import { isConflict } from './counters.ts';

interface WatchRow {
  partitionKey: string;
  /** The job's id. */
  rowKey: string;
  due: Date;
}

export interface Watched {
  jobId: string;
  due: Date;
  etag: string;
}

const partitionKey = 'job';

export class Watches {
  readonly #table: TableClient;

  constructor({ watches }: { watches: TableClient }) {
    this.#table = watches;
  }

  /** False where the job is watched already. */
  add(jobId: string, due: Date): Promise<boolean> {
    return hasEffect(this.#table.createEntity<WatchRow>({ partitionKey, rowKey: jobId, due }));
  }

  /** Puts the next look off until `due`. False where someone else has done so, or has ended the watch. */
  move({ jobId, etag }: Watched, due: Date): Promise<boolean> {
    return hasEffect(this.#table.updateEntity<WatchRow>({ partitionKey, rowKey: jobId, due }, 'Replace', { etag }));
  }

  async get(jobId: string): Promise<Watched | null> {
    try {
      const { due, etag } = await this.#table.getEntity<WatchRow>(partitionKey, jobId);
      return { jobId, due, etag };
    } catch (error) {
      if (!isConflict(error)) throw error;
      return null;
    }
  }

  /** Those that were due before `time`. */
  async *dueBefore(time: Date): AsyncGenerator<Watched> {
    const filter = odata`PartitionKey eq ${partitionKey} and due lt ${time}`;
    for await (const { rowKey, due, etag } of this.#table.listEntities<WatchRow>({ queryOptions: { filter } }))
      yield { jobId: rowKey as string, due, etag };
  }

  async remove(jobId: string): Promise<void> {
    await hasEffect(this.#table.deleteEntity(partitionKey, jobId));
  }
}

/** Whether the row was as the change assumes. */
async function hasEffect(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (!isConflict(error)) throw error;
    return false;
  }
}
