import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpRequest } from '@azure/functions';
import { problem } from '../problems.ts';
import { isKnown } from './conditional.ts';

export interface WaitLimits {
  /** How many requests of one caller may wait in one instance. */
  maxWaits: number;
  /** How many reads those that wait share in a second. */
  readsPerSecond: number;
}

const usual: WaitLimits = { maxWaits: 1000, readsPerSecond: 200 };
const retryAfterSeconds = 5;

export interface Wait<T> {
  request: HttpRequest;
  owner: string;
  seconds: number;
  /** Aborted when nobody waits for the answer any more. */
  clientLeft: AbortSignal;
  read(): Promise<T>;
  isDone(value: T): boolean;
}

/** Requests that wait for a change, in one instance. */
export class LongPolls {
  readonly #limits: WaitLimits;
  readonly #waiting = new Map<string, number>();

  constructor(limits: WaitLimits = usual) {
    this.#limits = limits;
  }

  /**
   * Reads a value until it is done or, given an If-None-Match, has changed, but at the latest until `seconds` are over or the
   * client has left. Throws `rate-limited` where too many requests of the caller wait already.
   */
  async wait<T extends { etag: string }>(wanted: Wait<T>): Promise<T> {
    const { owner, seconds, read } = wanted;
    const value = await read();
    if (seconds <= 0 || isNews(wanted, value)) return value;
    const waiting = this.#waiting.get(owner) ?? 0;
    if (waiting >= this.#limits.maxWaits) throw tooMany(this.#limits.maxWaits);
    this.#waiting.set(owner, waiting + 1);
    try {
      return await this.#poll(wanted, value);
    } finally {
      const left = (this.#waiting.get(owner) ?? 1) - 1;
      if (left > 0) this.#waiting.set(owner, left);
      else this.#waiting.delete(owner);
    }
  }

  async #poll<T extends { etag: string }>(wanted: Wait<T>, first: T): Promise<T> {
    const { owner, seconds, clientLeft, read } = wanted;
    const start = performance.now();
    for (let value = first; ; value = await read()) {
      const elapsedMs = performance.now() - start;
      const leftMs = seconds * 1000 - elapsedMs;
      if (leftMs <= 0 || clientLeft.aborted || isNews(wanted, value)) return value;
      const delay = pollDelayMs(elapsedMs, this.#waiting.get(owner) ?? 1, this.#limits.readsPerSecond);
      await sleep(Math.min(delay, leftMs), undefined, { signal: clientLeft }).catch(() => {});
    }
  }
}

/**
 * How long until the next read: a fifth of the time waited so far, from 50 ms to 2 s, but so much that all who wait together make
 * `readsPerSecond` at most.
 */
export function pollDelayMs(elapsedMs: number, waiting: number, readsPerSecond: number): number {
  const alone = Math.min(2000, Math.max(50, elapsedMs / 5));
  return Math.max(alone, (waiting / readsPerSecond) * 1000);
}

function isNews<T extends { etag: string }>({ request, isDone }: Wait<T>, value: T): boolean {
  return isDone(value) || (request.headers.has('if-none-match') && !isKnown(request, value.etag));
}

function tooMany(limit: number) {
  const detail = `${limit} of your requests are waiting already. Omit "wait", or try again in ${retryAfterSeconds} seconds.`;
  return problem('rate-limited', detail, { field: 'wait', limit, retryAfter: retryAfterSeconds });
}
