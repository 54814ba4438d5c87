import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sirv from 'sirv';
import { projectRoot } from '../lib/project-root.ts';
import { cacheControlOf } from './page-cache.ts';

const host = '127.0.0.1';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves the page's files, compressed where the client takes it; a build that runs meanwhile changes what is served. */
export function servePage(): Handler {
  const setHeaders = (response: ServerResponse, path: string) => {
    guard(response);
    response.setHeader('Cache-Control', cacheControlOf(path.slice(1)));
  };
  return sirv(join(projectRoot, 'dist/static'), { dev: true, etag: true, brotli: true, setHeaders });
}

/** The page at an origin of its own, as static hosting serves it; its `config.json` names the API. */
export async function hostPage(apiUrl: () => string): Promise<{ url: string; close(): void }> {
  const files = servePage();
  const server = createServer((request, response) => {
    if (request.url !== '/config.json') return files(request, response);
    guard(response);
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ api: apiUrl() }));
  });
  await once(server.listen(0, host), 'listening');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, close };
}

/** What a page cannot say of itself; the rest of its policy is in its head, which works wherever it is hosted. */
function guard(response: ServerResponse): void {
  response.setHeader('Content-Security-Policy', "frame-ancestors 'none'");
  response.setHeader('X-Content-Type-Options', 'nosniff');
}
