import { setTimeout as sleep } from 'node:timers/promises';
import type { PauseRow } from '../storage/pause-row.ts';

/** What is known holds for so long: pausing takes effect within it. */
const knownForMs = 5000;

/**
 * The switch that pauses all instances of an account: nothing new is begun, what runs ends. Tasks and jobs are accepted
 * meanwhile, and wait.
 */
export class PauseSwitch {
  readonly #row: PauseRow;
  #known: { paused: Promise<boolean>; until: number } | null = null;

  constructor({ pause }: { pause: PauseRow }) {
    this.#row = pause;
  }

  /** Since when the instances are paused; null while they are not. */
  since(): Promise<Date | null> {
    return this.#row.since();
  }

  async pause(): Promise<void> {
    await this.#row.set((await this.since()) ?? new Date());
  }

  async resume(): Promise<void> {
    await this.#row.clear();
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
