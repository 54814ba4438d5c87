import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { until } from './until.ts';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** Someone who wants to be told: a server that keeps what it receives, and answers as `answers` say, then with 204. */
export class Receiver {
  readonly received: Received[] = [];
  readonly #server: Server;

  private constructor(answers: { status: number; headers?: Record<string, string> }[]) {
    this.#server = createServer(async (request, response) => {
      const body = await text(request);
      const { status, headers = {} } = answers[this.received.length] ?? { status: 204 };
      this.received.push({ headers: request.headers, body });
      response.writeHead(status, headers).end();
    });
  }

  static async start(answers: { status: number; headers?: Record<string, string> }[] = []): Promise<Receiver> {
    const receiver = new Receiver(answers);
    await once(receiver.#server.listen(0, '127.0.0.1'), 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/told`;
  }

  async until(count: number): Promise<Received[]> {
    await until(() => this.received.length >= count, { what: `the receiver is called ${count} times` });
    return this.received;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
