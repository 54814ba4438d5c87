import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  /** Seconds after which waiting is a failure; generous, as a machine may be busy. */
  within?: number;
  /** What is waited for, as it goes on from "Not within 30 s: ". */
  what: string;
}

type Truthy<T> = Exclude<T, false | null | undefined | '' | 0>;

/**
 * Asks again and again, until the answer is truthy; gives it. Throws what was waited for when that takes too long.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { within = 30, what }: UntilOptions,
): Promise<Truthy<T>> {
  const deadline = performance.now() + within * 1000;
  for (;;) {
    const answer = await condition();
    if (answer) return answer as Truthy<T>;
    if (performance.now() > deadline) throw new Error(`Not within ${within} s: ${what}`);
    await sleep(20);
  }
}
