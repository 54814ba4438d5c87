import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { Transform } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { admitOrigin } from './cors.ts';
import type { FunctionsCore, RegisteredFunction } from './functions-core.ts';
import { type Invoker, triggerBinding } from './invocation.ts';
import { compileRoute, matchRoute, type Route } from './routes.ts';

const host = '127.0.0.1';
/** The Functions host's default (FUNCTIONS_REQUEST_BODY_SIZE_LIMIT). */
const maxBodyBytes = 100 * 2 ** 20;
/** Longer than clients keep idle connections, so that none sends a request into one that is just being closed. */
const keepAliveMs = 120_000;
/** Whoever sends nothing for so long is answered before the rest of the body. */
const drainIdleMs = 2000;

export interface HttpServerOptions {
  port: number;
  routePrefix: string;
  /** What `authLevel: 'function'` asks for, one of them; without any, such functions answer nobody. */
  functionKeys: string[];
  /** Other origins whose pages may call the functions. */
  origins: readonly string[];
  /** Answers what is not under the route prefix. */
  fallback: (request: IncomingMessage, response: ServerResponse) => void;
}

interface HttpFunction {
  fn: RegisteredFunction;
  route: Route;
  methods: string[];
  protectedByKey: boolean;
}

/**
 * Serves the HTTP functions. As the Functions host does with streaming on, it hands each request to the server that
 * `@azure/functions` opened, under the id of the invocation, and streams the answer back.
 */
export class HttpServer {
  readonly #server: http.Server;
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #functions: HttpFunction[];
  readonly #invoker: Invoker;
  readonly #options: HttpServerOptions;
  readonly #libraryPort: number;

  private constructor(
    functions: RegisteredFunction[],
    invoker: Invoker,
    options: HttpServerOptions,
    libraryPort: number,
  ) {
    this.#functions = functions.flatMap((fn) => httpFunction(fn, options.routePrefix));
    this.#functions.sort((a, b) => (a.route.rank < b.route.rank ? -1 : 1));
    this.#invoker = invoker;
    this.#options = options;
    this.#libraryPort = libraryPort;
    this.#server = http.createServer(
      { keepAliveTimeout: keepAliveMs },
      (request, response) => void this.#answer(request, response),
    );
  }

  /** Throws where the port is in use. */
  static async start(core: FunctionsCore, invoker: Invoker, options: HttpServerOptions): Promise<HttpServer> {
    const capabilities = await onLoopback(() => core.model.getCapabilities({}));
    const libraryPort = Number(new URL(capabilities.HttpUri).port);
    const server = new HttpServer(core.functions, invoker, options, libraryPort);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject).listen(options.port, host, resolve);
    });
    return server;
  }

  get url(): string {
    return `http://${host}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Takes no further request; those under way finish. */
  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeIdleConnections();
    });
    this.#agent.destroy();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.once('close', () => {
      // Else the connection would be kept for further requests, and the server with it.
      if (!this.#server.listening) this.#server.closeIdleConnections();
    });
    const url = new URL(request.url ?? '/', `http://${host}`);
    if (!`${url.pathname}/`.startsWith(`/${this.#options.routePrefix}/`))
      return this.#options.fallback(request, response);
    if (admitOrigin(request, response, this.#options.origins)) return;
    const match = this.#match(request.method ?? 'GET', url.pathname);
    if (!match) return end(response, 404);
    if (match.protectedByKey && !this.#isAllowed(request, url)) return end(response, 401);
    if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return end(response, 413);
    await this.#forward(match.fn, match.params, request, response);
  }

  #match(method: string, path: string) {
    for (const candidate of this.#functions) {
      const params = candidate.methods.includes(method) ? matchRoute(candidate.route, path) : null;
      if (params) return { ...candidate, params };
    }
    return undefined;
  }

  #isAllowed(request: IncomingMessage, url: URL): boolean {
    const given = request.headers['x-functions-key'] ?? url.searchParams.get('code');
    if (typeof given !== 'string') return false;
    const digest = (text: string) => createHash('sha256').update(text).digest();
    return this.#options.functionKeys.some((key) => timingSafeEqual(digest(given), digest(key)));
  }

  async #forward(
    fn: RegisteredFunction,
    params: Record<string, string>,
    request: IncomingMessage,
    response: ServerResponse,
  ) {
    const invocationId = randomUUID();
    const headers: http.IncomingHttpHeaders = {
      ...request.headers,
      host: request.headers.host ?? host,
      // The client's own claim first, then what is known.
      'x-forwarded-for': [request.headers['x-forwarded-for'], request.socket.remoteAddress].filter(Boolean).join(', '),
      'x-forwarded-host': request.headers.host,
      'x-forwarded-proto': 'http',
    };
    const upstream = http.request({
      host,
      port: this.#libraryPort,
      agent: this.#agent,
      method: request.method,
      path: request.url,
      headers: {
        ...withoutHopByHop(headers),
        'x-ms-invocation-id': invocationId,
      },
    });
    // Whoever answers before the body has come still lets it through first: clients lose an answer that overtakes their upload.
    const letThrough = async () => {
      request.unpipe();
      if (!request.complete) await drain(request);
    };
    const refuse = async (status: number) => {
      await letThrough();
      end(response, status);
      upstream.destroy();
    };
    upstream.once('response', async (answer) => {
      const early = !request.complete;
      if (early) await letThrough();
      // What may still come of the body is nobody's next request.
      if (!request.complete) response.shouldKeepAlive = false;
      response.writeHead(answer.statusCode ?? 500, withoutHopByHop(answer.headers));
      await pipeline(answer, response).catch(() => upstream.destroy());
      if (early) upstream.destroy();
    });
    upstream.on('error', () => void refuse(502));
    response.once('close', () => {
      if (!response.writableFinished) upstream.destroy();
    });
    const counted = limit(maxBodyBytes).on('error', () => void refuse(413));
    request.pipe(counted).pipe(upstream);
    // The library waits for the request of each invocation: none may begin whose request never reaches it.
    if (!(await isSent(upstream))) return;
    try {
      await this.#invoker.invoke(fn, trigger(headers, params), invocationId);
    } catch {
      // The invoker has logged it; the function gave no answer of its own.
      end(response, 500);
      upstream.destroy();
    }
  }
}

function httpFunction(fn: RegisteredFunction, routePrefix: string): HttpFunction[] {
  const [, { type, route = fn.metadata.name, methods = [], authLevel }] = triggerBinding(fn.metadata);
  if (type !== 'httpTrigger') return [];
  return [
    {
      fn,
      route: compileRoute(`${routePrefix}/${route}`),
      methods: methods.map((method) => method.toUpperCase()),
      protectedByKey: authLevel !== 'anonymous',
    },
  ];
}

function trigger(headers: http.IncomingHttpHeaders, params: Record<string, string>) {
  const named = Object.entries(params).map(([name, value]) => [name, { string: value }]);
  return { data: { http: {} }, metadata: { ...Object.fromEntries(named), Headers: { json: JSON.stringify(headers) } } };
}

/** The library would open its server to the whole network; here it belongs to this machine, and closes no idle connection. */
async function onLoopback<T>(start: () => Promise<T>): Promise<T> {
  const { listen } = NetServer.prototype;
  NetServer.prototype.listen = function (this: http.Server, callback: () => void) {
    this.keepAliveTimeout = 0;
    return Reflect.apply(listen, this, [0, host, callback]);
  } as typeof listen;
  try {
    return await start();
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
async function isSent(request: http.ClientRequest): Promise<boolean> {
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

function end(response: ServerResponse, status: number): void {
  if (response.writableEnded) return;
  if (response.headersSent) response.destroy();
  else response.writeHead(status).end();
}
