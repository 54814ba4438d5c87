import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long a browser need not ask again, in seconds. */
const maxAge = 3600;

/**
 * Lets pages of these origins (`*`: of all) call the API, as the platform before the functions does. True where the
 * request was only the browser's question whether it may, which is answered then.
 */
export function admitOrigin(request: IncomingMessage, response: ServerResponse, origins: readonly string[]): boolean {
  const { origin } = request.headers;
  if (origin === undefined || !(origins.includes(origin) || origins.includes('*'))) return false;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Vary', 'Origin');
  const method = request.headers['access-control-request-method'];
  if (request.method !== 'OPTIONS' || method === undefined) return false;
  response.setHeader('Access-Control-Allow-Methods', method);
  response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '');
  response.setHeader('Access-Control-Max-Age', String(maxAge));
  response.writeHead(204).end();
  return true;
}
