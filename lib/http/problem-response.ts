import type { HttpResponseInit } from '@azure/functions';
import { RestError } from '@azure/storage-blob';
import { Problem, type ProblemDetails, problem } from '../problems.ts';

/** RFC 9457. */
export const problemContentType = 'application/problem+json';

/** Seconds after which a client may try again what failed for our reasons. */
const retryAfterSeconds = 5;

/** The answer that tells of an error; null where the error is a fault of ours, to be logged and shown as one. */
export function problemResponse(error: unknown): HttpResponseInit | null {
  if (error instanceof Problem) return respond(error.details);
  if (isStorageFault(error)) {
    const { details } = problem('storage-unavailable', 'Nothing was accepted. Try again in a moment.');
    return respond(details, { 'Retry-After': String(retryAfterSeconds) });
  }
  return null;
}

export function respond(details: ProblemDetails, headers: Record<string, string> = {}): HttpResponseInit {
  return {
    status: details.status,
    headers: { 'Content-Type': problemContentType, 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify(details),
  };
}

/** The storage is down, slow or throttling: no connection, or a status of 429 or 5xx. */
function isStorageFault(error: unknown): boolean {
  // Each storage SDK has the RestError of the same core package.
  if (!(error instanceof RestError)) return false;
  return error.statusCode === undefined || error.statusCode === 429 || error.statusCode >= 500;
}
