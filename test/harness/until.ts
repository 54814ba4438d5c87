import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  /** Seconds after which waiting is a failure; generous, as a machine may be busy. */
  within?: number;
  /** What is waited for, as it goes on from "Not within 30 s: ". */
  what: string;
}

/**
 * Asks again and again, until the answer is neither false, null nor undefined; gives it. Throws what was waited for when that
 * takes too long.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { within = 30, what }: UntilOptions,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + within * 1000;
  for (;;) {
    const answer = await condition();
    if (answer !== false && answer !== null && answer !== undefined)
      return answer as Exclude<T, false | null | undefined>;
    if (performance.now() > deadline) throw new Error(`Not within ${within} s: ${what}`);
    await sleep(20);
  }
}
