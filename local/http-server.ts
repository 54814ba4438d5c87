import { createHash, timingSafeEqual } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import cors from 'cors';
import { type ProblemDetails, problem } from '../lib/problems.ts';
import { bodyTooLarge, FunctionServer, maxBodyBytes } from './function-server.ts';
import type { FunctionsCore } from './functions-core.ts';
import { isAllowedHost } from './host-names.ts';
import type { Invoker } from './invocation.ts';
import type { Log } from './log.ts';
import { plainProblem, refuse } from './refusal.ts';
import { targetOf } from './request-target.ts';
import { type RouteMatch, RouteTable } from './route-table.ts';

const host = '127.0.0.1';
/** Longer than clients keep idle connections, so that none sends a request into one that is just being closed. */
const keepAliveMs = 120_000;
/** How long a browser keeps the answer to a preflight, in seconds. */
const preflightSeconds = 3600;

export interface HttpServerOptions {
  port: number;
  routePrefix: string;
  /** The keys that functions with `authLevel: 'function'` take; without any, they answer nobody. */
  functionKeys: string[];
  /** Other origins whose pages may call the functions; `*` for all. */
  origins: readonly string[];
  /** Names by which the server is reached, besides this machine's own. */
  hostNames: readonly string[];
  /** Answers what is not under the route prefix. */
  fallback?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Whether to be as the platform, where that is less helpful. */
  hostRules?: HostRules;
}

/**
 * Azure's front answers for itself without a body, and lets no preflight be kept. A connection over which no byte has
 * come for `requestIdleMs` is cut off, whether or not an answer is due.
 */
export interface HostRules {
  requestIdleMs: number;
}

/** Serves the HTTP functions as the Functions host does: finds the function of each request, and checks its key. */
export class HttpServer {
  readonly #server: http.Server;
  readonly #routes: RouteTable;
  readonly #invoker: Invoker;
  readonly #options: HttpServerOptions;
  readonly #functionServer: FunctionServer;
  readonly #cors: ReturnType<typeof cors>;
  readonly #log: Log;

  private constructor(
    routes: RouteTable,
    functionServer: FunctionServer,
    invoker: Invoker,
    options: HttpServerOptions,
    log: Log,
  ) {
    this.#routes = routes;
    this.#functionServer = functionServer;
    this.#invoker = invoker;
    this.#options = options;
    this.#log = log;
    const origin = options.origins.includes('*') ? '*' : [...options.origins];
    this.#cors = cors({ origin, ...(!options.hostRules && { maxAge: preflightSeconds }) });
    this.#server = http.createServer({ keepAliveTimeout: keepAliveMs }, (request, response) =>
      this.#guard(request, response, this.#answer(request, response)),
    );
    if (options.hostRules) this.#server.timeout = options.hostRules.requestIdleMs;
  }

  /** Throws where the port is in use. */
  static async start(core: FunctionsCore, invoker: Invoker, options: HttpServerOptions, log: Log): Promise<HttpServer> {
    const routes = new RouteTable(core.functions, options.routePrefix);
    const server = new HttpServer(routes, await FunctionServer.open(core), invoker, options, log);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject).listen(options.port, host, resolve);
    });
    return server;
  }

  get url(): string {
    return `http://${this.#ownHost}`;
  }

  get #ownHost(): string {
    return `${host}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Takes no further request; those under way finish. */
  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeIdleConnections();
    });
    this.#functionServer.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.once('close', () => {
      // Else the connection would be kept for further requests, and the server with it.
      if (!this.#server.listening) this.#server.closeIdleConnections();
    });
    const url = targetOf(request, this.#ownHost);
    if (!url) return refuse(response, problem('malformed-request', 'Its target or its Host is no valid URL.').details);
    if (!isAllowedHost(url, this.#options.hostNames))
      return refuse(response, plainProblem(421, `${url.hostname} is not served here; --host-names allows more names.`));
    if (!`${url.pathname}/`.startsWith(`/${this.#options.routePrefix}/`))
      return this.#options.fallback ? this.#options.fallback(request, response) : refuse(response, 404);
    if (!this.#mayChange(request, url))
      return refuse(
        response,
        plainProblem(403, 'Pages of other origins may change nothing here unless --cors lists them.'),
      );
    const call = () => this.#call(request, response, url);
    if (this.#options.origins.length === 0) return call();
    this.#cors(request, response, () => this.#guard(request, response, call()));
  }

  /** Browsers send some requests of foreign pages without asking first, and only withhold the answer (CSRF). */
  #mayChange({ method = 'GET', headers: { origin } }: IncomingMessage, url: URL): boolean {
    if (origin === undefined || ['GET', 'HEAD', 'OPTIONS'].includes(method)) return true;
    const { origins } = this.#options;
    return URL.parse(origin)?.host === url.host || origins.includes(origin) || origins.includes('*');
  }

  /** One request that cannot be answered ends neither the server nor the others. */
  #guard({ method, url }: IncomingMessage, response: ServerResponse, answering: Promise<void>): void {
    answering.catch((error) => {
      this.#log('error', `${method} ${url} failed: ${(error as Error).stack}`);
      refuse(response, 500);
    });
  }

  async #call(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const match = this.#routes.find(request.method ?? 'GET', url.pathname);
    if (!match)
      return this.#refuse(response, problem('no-such-call', 'No function handles this method and path.').details);
    if (match.protectedByKey && !this.#isAllowed(request, url))
      return this.#refuse(response, problem('sign-in-required', this.#howToSignIn()).details);
    if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return this.#refuse(response, bodyTooLarge());
    const headers = this.#withForwarding(request);
    const invoke = (id: string) => this.#invoker.invoke(match.fn, trigger(match, headers), id);
    await this.#functionServer.forward({ request, response, path: url.pathname + url.search, headers, invoke });
  }

  #refuse(response: ServerResponse, problem: ProblemDetails): void {
    refuse(response, this.#options.hostRules ? problem.status : problem);
  }

  #isAllowed(request: IncomingMessage, url: URL): boolean {
    const given = request.headers['x-functions-key'] ?? url.searchParams.get('code');
    if (typeof given !== 'string') return false;
    const digest = (text: string) => createHash('sha256').update(text).digest();
    return this.#options.functionKeys.some((key) => timingSafeEqual(digest(given), digest(key)));
  }

  #howToSignIn(): string {
    if (this.#options.functionKeys.length > 0) return 'Send a function key in the header x-functions-key.';
    return 'No key is accepted: list keys in the setting LOCAL_FUNCTION_KEYS.';
  }

  #withForwarding({ headers, socket }: IncomingMessage): http.IncomingHttpHeaders {
    const name = headers.host ?? this.#ownHost;
    return {
      ...headers,
      host: name,
      // The client's own claim first, then what is known.
      'x-forwarded-for': [headers['x-forwarded-for'], socket.remoteAddress].filter(Boolean).join(', '),
      'x-forwarded-host': name,
      'x-forwarded-proto': 'http',
    };
  }
}

function trigger({ params }: RouteMatch, headers: http.IncomingHttpHeaders) {
  const named = Object.entries(params).map(([name, value]) => [name, { string: value }]);
  return { data: { http: {} }, metadata: { ...Object.fromEntries(named), Headers: { json: JSON.stringify(headers) } } };
}
