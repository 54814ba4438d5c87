/** The Functions host's shortest wait between two looks into an empty queue. */
const minMs = 100;

/** How rarely a queue is polled to which nothing has come for long. Times are in milliseconds. */
export interface IdlePolling {
  afterMs: number;
  waitMs: number;
}

/**
 * How long to wait before an empty queue is looked into again: twice as long each time, as in the Functions host, up to
 * `maxMs`; the idle polling's own time once nothing has come for long. Times are in milliseconds.
 */
export class PollingDelays {
  readonly #maxMs: number;
  readonly #idle: IdlePolling | null;
  #delay = minMs;
  #lastMessage: number;

  constructor(maxMs: number, idle: IdlePolling | null, now: number) {
    this.#maxMs = maxMs;
    this.#idle = idle;
    this.#lastMessage = now;
  }

  /** There is a message, or should be one. */
  expect(now: number): void {
    this.#lastMessage = now;
    this.#delay = minMs;
  }

  /** There was none; the wait until the next look, with some randomness so that instances do not poll in step. */
  next(now: number): number {
    if (this.#idle && now - this.#lastMessage >= this.#idle.afterMs) return this.#idle.waitMs;
    const delay = this.#delay;
    this.#delay = Math.min(this.#maxMs, delay * (1.8 + 0.4 * Math.random()));
    return delay;
  }
}
