import type { HttpRequest } from '@azure/functions';

/** Whether the caller has this version already (If-None-Match, RFC 9110; weak comparison). */
export function isKnown(request: HttpRequest, etag: string): boolean {
  const known = request.headers.get('if-none-match');
  if (known === null) return false;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return known.trim() === '*' || known.split(',').some((tag) => opaque(tag) === opaque(etag));
}
