import { once } from 'node:events';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

const host = '127.0.0.1';
const services = ['Blob', 'Queue', 'Table'] as const;
type Service = (typeof services)[number];

/** How often the account shows its limits. */
export interface Busyness {
  /** Every n-th request of each service is refused as `ServerBusy`. */
  refuseEvery: number;
  /** Every n-th length of a queue is too large: it is approximate, and never less than the truth. */
  miscountEvery: number;
}

/**
 * Stands before Azurite and lets it be as busy as a storage account is at times. Accounts other than those of this
 * machine are left as they are.
 */
export class BusyStorage {
  /** Connection string of the account by way of this. */
  readonly connection: string;
  readonly #servers: Server[];
  readonly #agent: http.Agent;

  private constructor(connection: string, servers: Server[], agent: http.Agent) {
    this.connection = connection;
    this.#servers = servers;
    this.#agent = agent;
  }

  static async start(
    connection: string,
    busyness: Busyness = { refuseEvery: 100, miscountEvery: 5 },
  ): Promise<BusyStorage> {
    const agent = new http.Agent({ keepAlive: true });
    const servers: Server[] = [];
    let own = connection;
    for (const service of services) {
      const [, port] = new RegExp(`${service}Endpoint=http://127\\.0\\.0\\.1:(\\d+)/`).exec(connection) ?? [];
      if (port === undefined) continue;
      const front = new ServiceFront(service, Number(port), agent, busyness);
      const server = http.createServer((request, response) => void front.answer(request, response));
      await once(server.listen(0, host), 'listening');
      servers.push(server);
      own = own.replace(`//${host}:${port}/`, `//${host}:${(server.address() as AddressInfo).port}/`);
    }
    return new BusyStorage(own, servers, agent);
  }

  stop(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
    this.#agent.destroy();
  }
}

class ServiceFront {
  readonly #service: Service;
  readonly #port: number;
  readonly #agent: http.Agent;
  readonly #busyness: Busyness;
  #requests = 0;
  #counts = 0;

  constructor(service: Service, port: number, agent: http.Agent, busyness: Busyness) {
    this.#service = service;
    this.#port = port;
    this.#agent = agent;
    this.#busyness = busyness;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The request loses it when it is destroyed.
    const { socket } = request;
    const isRefused = ++this.#requests % this.#busyness.refuseEvery === 0 && request.method !== 'OPTIONS';
    try {
      if (isRefused) await this.#refuse(request, response);
      else await this.#forward(request, response);
    } catch {
      // Either side has gone; the other is to notice.
      socket.destroy();
    }
  }

  async #refuse(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for await (const _ of request);
    const [code, message] = ['ServerBusy', 'The server is busy.'];
    const json = this.#service === 'Table';
    const body = json
      ? JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: message } } })
      : `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
    response.writeHead(503, {
      'Content-Type': json ? 'application/json' : 'application/xml',
      'Access-Control-Allow-Origin': '*',
      'x-ms-error-code': code,
    });
    response.end(body);
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url, headers } = request;
    const upstream = http.request({ host, port: this.#port, agent: this.#agent, method, path: url, headers });
    const sent = pipeline(request, upstream);
    const [[answer]] = (await Promise.all([once(upstream, 'response'), sent])) as [[IncomingMessage], undefined];
    response.writeHead(answer.statusCode ?? 500, this.#miscounted(answer.headers));
    await pipeline(answer, response);
  }

  #miscounted(headers: http.IncomingHttpHeaders): http.IncomingHttpHeaders {
    const name = 'x-ms-approximate-messages-count';
    if (headers[name] === undefined || ++this.#counts % this.#busyness.miscountEvery !== 0) return headers;
    const count = Number(headers[name]);
    return { ...headers, [name]: String(count + 1 + Math.floor(count / 10)) };
  }
}
