import type { HttpRequest } from '@azure/functions';
import { problem } from '../problems.ts';

/** The types of bodies that any page may send anywhere (Fetch standard, "CORS-safelisted request-header"). */
const simpleTypes = new Set(['', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']);
/** A browser asks the platform's CORS rules before it sends these for a page of another origin. */
const askedFor = ['authorization', 'x-functions-key', 'idempotency-key'];

/**
 * Refuses what a browser sends for a page of another origin without asking first, and only withholds the answer to (CSRF).
 * Which origins are let in is known to the platform alone, which has not been asked. Throws `cross-site-request`.
 */
export function refuseCrossSite(request: Pick<HttpRequest, 'headers' | 'url'>): void {
  const { headers } = request;
  if (!isCrossOrigin(request) || askedFor.some((name) => headers.has(name))) return;
  const [type] = (headers.get('content-type') ?? '').split(';');
  if (!simpleTypes.has(type.trim().toLowerCase())) return;
  const detail = 'From a page of another origin, send an Idempotency-Key, or the Content-Type application/json.';
  throw problem('cross-site-request', detail, { field: 'Idempotency-Key' });
}

/** Browsers say where the page is from that sends a request; nobody else does. */
function isCrossOrigin({ headers, url }: Pick<HttpRequest, 'headers' | 'url'>): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  const origin = headers.get('origin');
  return origin !== null && URL.parse(origin)?.host !== new URL(url).host;
}
