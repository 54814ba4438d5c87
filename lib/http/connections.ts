/**
 * The connections on which answers go out. `@azure/functions` keeps them to itself; Node tells of each request that a
 * server of the process takes, among them those that the Functions host passes on, with the invocation's id.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

const invocationIdHeader = 'x-ms-invocation-id';
const connections = new Map<string, ServerResponse>();
let anySeen = false;

subscribe('http.server.request.start', (message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  const id = request.headers[invocationIdHeader];
  if (typeof id !== 'string') return;
  anySeen = true;
  connections.set(id, response);
  response.once('close', () => connections.delete(id));
});

/**
 * The connection of an invocation; `closed` where its client has left. `unknown` where the host passes requests on by
 * another way than HTTP: then answers are sent whole.
 */
export function connectionOf(invocationId: string): ServerResponse | 'closed' | 'unknown' {
  return connections.get(invocationId) ?? (anySeen ? 'closed' : 'unknown');
}

/** Aborted when the client of an invocation leaves before it has its answer. */
export function clientLeft(invocationId: string): AbortSignal {
  const connection = connectionOf(invocationId);
  if (connection === 'closed') return AbortSignal.abort();
  const left = new AbortController();
  if (connection !== 'unknown')
    connection.once('close', () => {
      if (!connection.writableFinished) left.abort();
    });
  return left.signal;
}
