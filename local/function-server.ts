import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { Transform } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { problem } from '../lib/problems.ts';
import type { FunctionsCore } from './functions-core.ts';
import { refuse } from './refusal.ts';

const host = '127.0.0.1';
/** The Functions host's default (FUNCTIONS_REQUEST_BODY_SIZE_LIMIT). */
export const maxBodyBytes = 100 * 2 ** 20;
/** A client that sends nothing for this long is answered before the rest of its body. */
const drainIdleMs = 2000;

export interface ForwardedRequest {
  request: IncomingMessage;
  response: ServerResponse;
  /** Path and query. */
  path: string;
  headers: http.IncomingHttpHeaders;
  /** Runs the function; throws where it gave no answer of its own. */
  invoke(invocationId: string): Promise<void>;
}

/**
 * The server that `@azure/functions` opens where streaming is on: the host hands it each request under the id of the
 * invocation, and streams its answer back.
 */
export class FunctionServer {
  readonly #port: number;
  readonly #agent = new http.Agent({ keepAlive: true });

  private constructor(port: number) {
    this.#port = port;
  }

  static async open(core: FunctionsCore): Promise<FunctionServer> {
    const { HttpUri } = await onLoopback(() => core.model.getCapabilities({}));
    return new FunctionServer(Number(new URL(HttpUri).port));
  }

  close(): void {
    this.#agent.destroy();
  }

  async forward({ request, response, path, headers, invoke }: ForwardedRequest): Promise<void> {
    const invocationId = randomUUID();
    const upstream = http.request({
      host,
      port: this.#port,
      agent: this.#agent,
      method: request.method,
      path,
      headers: { ...withoutHopByHop(headers), 'x-ms-invocation-id': invocationId },
    });
    // An answer before the end of the body waits for the body: clients lose an answer that overtakes their upload.
    const drainRequest = async () => {
      request.unpipe();
      if (!request.complete) await drain(request);
    };
    const give = async (refusal: Parameters<typeof refuse>[1]) => {
      await drainRequest();
      refuse(response, refusal);
      upstream.destroy();
    };
    upstream.once('response', async (answer) => {
      const early = !request.complete;
      if (early) await drainRequest();
      // What may still come of the body is nobody's next request.
      if (!request.complete) response.shouldKeepAlive = false;
      response.writeHead(answer.statusCode ?? 500, withoutHopByHop(answer.headers));
      await pipeline(answer, response).catch(() => upstream.destroy());
      if (early) upstream.destroy();
    });
    upstream.on('error', () => void give(502));
    response.once('close', () => {
      if (!response.writableFinished) upstream.destroy();
    });
    const counted = limit(maxBodyBytes).on('error', () => void give(bodyTooLarge()));
    request.pipe(counted).pipe(upstream);
    // The library waits for the request of each invocation: none may begin whose request never reaches it.
    if (!(await headersSent(upstream))) return;
    try {
      await invoke(invocationId);
    } catch {
      // The invoker has logged it; the function gave no answer of its own.
      refuse(response, 500);
      upstream.destroy();
    }
  }
}

export function bodyTooLarge() {
  return problem('body-too-large', `A request may have ${maxBodyBytes} bytes.`, { limit: maxBodyBytes }).details;
}

/**
 * The library would open its server to the whole network, and has no option against it; here it belongs to this machine,
 * closes no idle connection, and keeps no process alive. The library listens before `start` returns, so nothing else can meet the replaced method.
 */
function onLoopback<T>(start: () => Promise<T>): Promise<T> {
  const { listen } = NetServer.prototype;
  NetServer.prototype.listen = function (this: http.Server, callback: () => void) {
    this.keepAliveTimeout = 0;
    return Reflect.apply(listen, this.unref(), [0, host, callback]);
  } as typeof listen;
  try {
    return start();
  } finally {
    NetServer.prototype.listen = listen;
  }
}

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

function withoutHopByHop(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));
}

/** Sends the head of a request; whether that has worked. */
async function headersSent(request: http.ClientRequest): Promise<boolean> {
  request.flushHeaders();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  request.once('close', close);
  const connected = once(request, 'socket').then(([socket]) => socket.connecting && once(socket, 'connect'));
  await Promise.race([closed, connected.catch(() => {})]);
  return !request.destroyed;
}

/** Reads a body to its end, or until nothing has come for a while. */
async function drain(request: IncomingMessage): Promise<void> {
  const { promise: silent, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, drainIdleMs);
  request.on('data', () => timer.refresh()).resume();
  await Promise.race([finished(request, { writable: false }).catch(() => {}), silent]);
  clearTimeout(timer);
}

class BodyTooLargeError extends Error {}

function limit(bytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > bytes) done(new BodyTooLargeError());
      else done(null, chunk);
    },
  });
}
