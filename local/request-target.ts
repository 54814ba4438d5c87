import type { IncomingMessage } from 'node:http';

/**
 * The URL that a request is for; null where its target or its `Host` is none (RFC 9112, 3.2). Without `Host`, as HTTP/1.0
 * allows, it is for `ownHost`.
 */
export function targetOf({ url = '', headers }: IncomingMessage, ownHost: string): URL | null {
  const host = headers.host ?? ownHost;
  const origin = URL.parse(`http://${host}`);
  // What belongs to no host, such as a path or a user, would move the rest of the URL.
  if (!origin || origin.href !== `${origin.origin}/` || /[/?#@\\]/.test(host)) return null;
  // Not resolved against the origin: `//name/path` is a path here, not another host.
  if (url.startsWith('/')) return URL.parse(origin.origin + url);
  const absolute = URL.parse(url);
  return absolute?.protocol === 'http:' && absolute.host === origin.host ? absolute : null;
}
