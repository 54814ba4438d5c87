import { setTimeout as sleep } from 'node:timers/promises';
import { RestError } from '@azure/storage-blob';
import { line, log } from '../log.ts';
import { UnknownAccountError } from './placement.ts';

/** The storage is down, slow or throttling: no connection, or a status of 429 or 5xx. Or an account has been added that this instance will know of soon. */
export function isStorageFault(error: unknown): boolean {
  if (error instanceof UnknownAccountError) return true;
  // Each storage SDK has the RestError of the same core package.
  if (!(error instanceof RestError)) return false;
  return error.statusCode === undefined || error.statusCode === 429 || error.statusCode >= 500;
}

/** Well below the time that the host gives a function. */
export const usualPatienceMs = 5 * 60_000;
const delayMs = { first: 500, last: 10_000 };

/**
 * Does work that may be begun again at any point, and begins it again while the storage fails. Were the message given
 * back instead, nobody could take note of it: it would stay hidden until its lease of ten minutes is over.
 */
export async function withStorageRetry<T>(
  work: () => Promise<T>,
  facts: Record<string, unknown>,
  patienceMs = usualPatienceMs,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (let delay = delayMs.first; ; delay = Math.min(delayMs.last, delay * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!isStorageFault(error) || Date.now() + delay > deadline) throw error;
      log.warn(line('storage-unavailable', { ...facts, error: (error as Error).message, retryInMs: delay }));
    }
    await sleep(delay);
  }
}
