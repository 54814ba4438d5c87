import { setTimeout as sleep } from 'node:timers/promises';
import type { TableClient } from '@azure/data-tables';
import { isConflict } from '../storage/counters.ts';

const keys = { partitionKey: 'switch', rowKey: 'pause' };

/** What is known holds for so long: pausing takes effect within it. */
const knownForMs = 5000;

/**
 * The switch that pauses all instances of an account: nothing new is begun, what runs ends. Tasks and jobs are accepted
 * meanwhile, and wait. A row of table `instances`.
 */
export class PauseSwitch {
  readonly #table: TableClient;
  #known: { paused: Promise<boolean>; until: number } | null = null;

  constructor({ instances }: { instances: TableClient }) {
    this.#table = instances;
  }

  /** Since when the instances are paused; null while they are not. */
  async since(): Promise<Date | null> {
    try {
      return (await this.#table.getEntity<{ since: Date }>(keys.partitionKey, keys.rowKey)).since;
    } catch (error) {
      if (!isConflict(error)) throw error;
      return null;
    }
  }

  async pause(): Promise<void> {
    await this.#table.upsertEntity({ ...keys, since: (await this.since()) ?? new Date() }, 'Replace');
  }

  async resume(): Promise<void> {
    try {
      await this.#table.deleteEntity(keys.partitionKey, keys.rowKey);
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }

  /** As `since`, of a moment ago: for instances, which ask before each task. */
  isPaused(): Promise<boolean> {
    if (this.#known && this.#known.until > Date.now()) return this.#known.paused;
    const paused = this.since().then((since) => since !== null);
    this.#known = { paused, until: Date.now() + knownForMs };
    paused.catch(() => {
      this.#known = null;
    });
    return paused;
  }

  /** Resolves when the instances are not paused; throws where `signal` is aborted before. */
  async passed(signal: AbortSignal): Promise<void> {
    while (await this.isPaused()) {
      signal.throwIfAborted();
      // Aborted, it is over at once.
      await sleep(knownForMs, undefined, { signal }).catch(() => {});
    }
    signal.throwIfAborted();
  }
}
