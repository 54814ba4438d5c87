import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpRequest } from '@azure/functions';
import { isKnown } from './conditional.ts';

/** It is read again after the first delay, then ever less often up to the second. */
const pollMs = { first: 50, last: 500, growth: 1.4 };

/**
 * Reads again and again until it is done or, given an If-None-Match, has changed, but at the latest until `seconds`
 * are over.
 */
export async function awaitNews<T extends { etag: string }>(
  request: HttpRequest,
  seconds: number,
  read: () => Promise<T>,
  isDone: (value: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  const conditional = request.headers.has('if-none-match');
  for (let delay = pollMs.first; ; delay = Math.min(pollMs.last, delay * pollMs.growth)) {
    const value = await read();
    const news = isDone(value) || (conditional && !isKnown(request, value.etag));
    const left = deadline - Date.now();
    if (news || left <= 0) return value;
    await sleep(Math.min(delay, left));
  }
}
