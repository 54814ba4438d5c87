import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpRequest } from '@azure/functions';
import { fieldProblem } from '../operations/steps.ts';
import { isKnown } from './conditional.ts';

const maxWaitSeconds = 60;
/** It is read again after the first delay, then ever less often up to the second. */
const pollMs = { first: 50, last: 500, growth: 1.4 };

/**
 * Reads again and again until it is done or, given an If-None-Match, has changed, but at the latest until the seconds
 * of the query's `wait` are over.
 */
export async function awaitNews<T extends { etag: string }>(
  request: HttpRequest,
  read: () => Promise<T>,
  isDone: (value: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + waitSeconds(request) * 1000;
  const conditional = request.headers.has('if-none-match');
  for (let delay = pollMs.first; ; delay = Math.min(pollMs.last, delay * pollMs.growth)) {
    const value = await read();
    const news = isDone(value) || (conditional && !isKnown(request, value.etag));
    const left = deadline - Date.now();
    if (news || left <= 0) return value;
    await sleep(Math.min(delay, left));
  }
}

function waitSeconds(request: HttpRequest): number {
  const wait = request.query.get('wait') ?? '0';
  const seconds = Number(wait);
  if (wait.trim() !== '' && seconds >= 0 && seconds <= maxWaitSeconds) return seconds;
  throw fieldProblem('wait', `must be a number of seconds from 0 to ${maxWaitSeconds}`);
}
