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

/** How long work is retried while the storage fails: well below `functionTimeout`. */
export const storageRetryMs = 5 * 60_000;
const delayMs = { first: 500, last: 10_000 };

/**
 * Runs work that may be repeated, and repeats it while the storage fails. Returning the message to the queue instead would
 * require the storage too: the message would stay hidden until its lease of ten minutes expires.
 */
export async function withStorageRetry<T>(
  work: () => Promise<T>,
  facts: Record<string, unknown>,
  retryMs = storageRetryMs,
): Promise<T> {
  const deadline = Date.now() + retryMs;
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
