import type { HttpResponseInit } from '@azure/functions';
import { Problem, type ProblemDetails, problem } from '../problems.ts';
import { isStorageFault } from '../storage/transient-errors.ts';

/** RFC 9457. */
export const problemContentType = 'application/problem+json';

/** Seconds after which a client may try again what failed for our reasons. */
const retryAfterSeconds = 5;

/** An answer with a JSON body. */
export function json(body: unknown, init: Omit<HttpResponseInit, 'body' | 'jsonBody'> = {}): HttpResponseInit {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...init.headers };
  return { ...init, headers, body: JSON.stringify(body) };
}

/** What pages of other origins may read of an answer, besides its body; which origins those are, the platform knows. */
const exposedHeaders = ['Content-Disposition', 'ETag', 'Location', 'Retry-After', 'X-Request-Id'];

/** Every answer as it goes out: it names its request, and no browser takes it for another type than it says. */
export function withStandardHeaders(answer: HttpResponseInit, requestId: string): HttpResponseInit {
  const headers = new Headers(answer.headers as Record<string, string> | undefined);
  headers.set('X-Request-Id', requestId);
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.set('Access-Control-Expose-Headers', exposedHeaders.join(', '));
  return { ...answer, headers };
}

/** The answer that tells of an error; null where the error is a fault of ours, to be logged and shown as one. */
export function problemResponse(error: unknown): HttpResponseInit | null {
  if (error instanceof Problem) return respond(error.details);
  if (isStorageFault(error)) {
    // Some of what the request writes may be there, and come to life.
    const detail =
      'A request that changes something may have been accepted all the same. Repeat it in a moment with the same ' +
      'Idempotency-Key; if it had none, look at your jobs and tasks first.';
    return respond(problem('storage-unavailable', detail, { retryAfter: retryAfterSeconds }).details);
  }
  return null;
}

/** A problem that says when to try again (`retryAfter`, in seconds) has the header too. */
export function respond(details: ProblemDetails): HttpResponseInit {
  const { retryAfter } = details;
  return {
    status: details.status,
    headers: {
      'Content-Type': problemContentType,
      'Cache-Control': 'no-store',
      ...(typeof retryAfter === 'number' && { 'Retry-After': String(retryAfter) }),
    },
    body: JSON.stringify(details),
  };
}
