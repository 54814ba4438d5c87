import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

/** A message that will be visible in a queue. */
export interface SentMessage {
  /** The queue's URL, without protocol and query. */
  queue: string;
  visibleInMs: number;
}

/**
 * Tells of every message that this process puts or changes in a queue, whoever does it: from its answered HTTP requests
 * to the queue service's REST interface. Gives the way to stop.
 */
export function watchSentMessages(tell: (message: SentMessage) => void): () => void {
  const look = (event: unknown) => {
    const { request, response } = event as { request: ClientRequest; response: IncomingMessage };
    const sent = sentMessage(request, response);
    if (sent) tell(sent);
  };
  const channel = 'http.client.response.finish';
  diagnostics.subscribe(channel, look);
  return () => void diagnostics.unsubscribe(channel, look);
}

function sentMessage(request: ClientRequest, { statusCode = 0 }: IncomingMessage): SentMessage | null {
  if ((request.method !== 'POST' && request.method !== 'PUT') || statusCode >= 300) return null;
  const [path = '', query = ''] = request.path.split('?');
  const [, queue] = /^(.+)\/messages(?:\/[^/]+)?$/.exec(path) ?? [];
  if (queue === undefined) return null;
  const seconds = Number(new URLSearchParams(query).get('visibilitytimeout') ?? 0);
  return { queue: `${request.getHeader('host')}${queue}`, visibleInMs: seconds * 1000 };
}
