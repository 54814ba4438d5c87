import { setTimeout as sleep } from 'node:timers/promises';
import { blobCreatedEvent } from '../lib/intake/blob-created.ts';
import type { StorageAccess } from '../lib/storage/access.ts';
import { openStorage, type Storage } from '../lib/storage/storage.ts';
import { consoleLog as log } from './log.ts';

const pollMs = 1000;

/**
 * Stands for Event Grid: tells the queue of each version of a blob that appears in container `intake`. As Event Grid it
 * may tell twice: after a start it tells of everything that lies there.
 */
export class EventGrid {
  readonly #storage: Storage;
  readonly #stopped = new AbortController();
  /** The ETags that have been told, by name. */
  #told = new Map<string, string>();
  #running = Promise.resolve();

  private constructor(storage: Storage) {
    this.#storage = storage;
  }

  static async start(access: StorageAccess): Promise<EventGrid> {
    const eventGrid = new EventGrid(await openStorage(access));
    eventGrid.#running = eventGrid.#run();
    return eventGrid;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await this.#look().catch((error) => {
        if (!signal.aborted) log('warning', `Container intake cannot be watched: ${(error as Error).message}`);
      });
      await sleep(pollMs, undefined, { signal }).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    const { intake, intakeQueue } = this.#storage;
    const there = new Map<string, string>();
    for await (const { name, etag, lastModified } of intake.list('')) {
      if (this.#stopped.signal.aborted) return;
      if (this.#told.get(name) !== etag)
        await intakeQueue.send(blobCreatedEvent({ name, etag }, intake.url, lastModified));
      this.#told.set(name, etag);
      there.set(name, etag);
    }
    this.#told = there;
  }
}
