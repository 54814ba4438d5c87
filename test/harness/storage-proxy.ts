import { once } from 'node:events';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

const services = ['Blob', 'Queue', 'Table'] as const;

export interface StorageRequest {
  service: (typeof services)[number];
  method: string;
  /** Below the account, with the query. */
  path: string;
  /** Of a request to a table; those to others are not kept. */
  body: string;
  /** Of the answer; null where there was none. */
  status: number | null;
  /** Messages that a reading of a queue gave. */
  messages: number;
}

/**
 * pass; refuse: cut off before the storage sees the request; lose: let it take effect and cut off the answer; hold: neither
 * pass the request on nor answer it.
 */
export type Treatment = 'pass' | 'refuse' | 'lose' | 'hold';

export interface Hold {
  arrived: Promise<StorageRequest>;
  release(treatment: Treatment): void;
}

/** Stands between Tessera and its storage account, counts what is asked for, and breaks what it is told to. */
export class StorageProxy {
  readonly requests: StorageRequest[] = [];
  /** How each request is treated; asked when it arrives. */
  treat: (request: StorageRequest) => Treatment | Promise<Treatment> = () => 'pass';
  readonly #servers: Server[] = [];
  readonly #agent = new http.Agent({ keepAlive: true });
  #connection = '';

  static async start(connection: string): Promise<StorageProxy> {
    const proxy = new StorageProxy();
    proxy.#connection = connection;
    for (const service of services) {
      const [, port, account] = new RegExp(`${service}Endpoint=http://127.0.0.1:(\\d+)/(\\w+)`).exec(connection) ?? [];
      const server = http.createServer((request, response) => {
        void proxy.#forward(service, Number(port), account, request, response);
      });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      proxy.#servers.push(server);
      const own = (server.address() as AddressInfo).port;
      proxy.#connection = proxy.#connection.replace(`127.0.0.1:${port}/`, `127.0.0.1:${own}/`);
    }
    return proxy;
  }

  /** Connection string of the account by way of this proxy. */
  get connection(): string {
    return this.#connection;
  }

  /** Lets the next request that `matches` wait: `arrived` is it, and `release` says how it is treated. All others pass. */
  holdNext(matches: (request: StorageRequest) => boolean): Hold {
    const arrival = Promise.withResolvers<StorageRequest>();
    const treatment = Promise.withResolvers<Treatment>();
    this.treat = (request) => {
      if (!matches(request)) return 'pass';
      this.treat = () => 'pass';
      arrival.resolve(request);
      return treatment.promise;
    };
    return { arrived: arrival.promise, release: treatment.resolve };
  }

  stop(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
    this.#agent.destroy();
  }

  async #forward(
    service: StorageRequest['service'],
    port: number,
    account: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const path = url.replace(`/${account}`, '');
    const asked: StorageRequest = { service, method, path, body: '', status: null, messages: 0 };
    this.requests.push(asked);
    try {
      const body = await buffer(request);
      if (service === 'Table') asked.body = body.toString('latin1');
      const treatment = await this.treat(asked);
      if (treatment === 'hold') return;
      if (treatment === 'refuse') return void request.socket?.destroy();
      const options = { host: '127.0.0.1', port, method, path: url, headers, agent: this.#agent };
      const [answer] = (await once(http.request(options).end(body), 'response')) as [IncomingMessage];
      const answered = await buffer(answer);
      asked.status = answer.statusCode ?? null;
      asked.messages = answered.toString('latin1').split('<QueueMessage>').length - 1;
      if (treatment === 'lose') return void request.socket?.destroy();
      response.writeHead(answer.statusCode ?? 500, answer.headers).end(answered);
    } catch {
      // Either side has gone; the other is to notice.
      request.socket?.destroy();
    }
  }
}

/** Whether a request can change something. */
export function isWrite({ method }: StorageRequest): boolean {
  return method !== 'GET' && method !== 'HEAD';
}
