/**
 * What suites share: one Azurite, one runner, one browser. This process keeps them, each from when it is first asked for
 * until the last test has ended; the processes of the suites ask over HTTP, by way of `client.ts`.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Azurite, azuriteConnection } from '../../../local/azurite.ts';
import { launchBrowser } from '../browser.ts';
import { freePorts, Runner } from '../runner.ts';
import { sharedPartsUrl } from './client.ts';

/** More than there are suites. */
const accountCount = 1000;
const keyCount = 1000;
const wellKnown = 'devstoreaccount1';

export class SharedParts {
  readonly #server: Server;
  readonly #azurite = new Later(startAzurite);
  readonly #runner = new Later(() => this.#startRunner());
  readonly #browser = new Later(launchBrowser);
  #accounts = 0;
  #keys = 0;

  private constructor() {
    this.#server = createServer(async ({ url }, response) => {
      try {
        response.end(JSON.stringify(await this.#give(url)));
      } catch (error) {
        response.writeHead(500).end(error instanceof Error ? error.stack : String(error));
      }
    });
  }

  static async start(): Promise<SharedParts> {
    const parts = new SharedParts();
    await once(parts.#server.listen(0, '127.0.0.1'), 'listening');
    process.env[sharedPartsUrl] = `http://127.0.0.1:${(parts.#server.address() as AddressInfo).port}`;
    return parts;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#browser.end((browser) => browser.close());
    await this.#runner.end((runner) => runner.stop());
    await this.#azurite.end(({ azurite }) => azurite.stop());
  }

  async #give(path: string | undefined): Promise<object> {
    if (path === '/account') return { connection: await this.#newAccount() };
    if (path === '/runner') {
      const { url, storage } = await this.#runner.get();
      return { url, storage, key: keyOf(this.#keys++) };
    }
    if (path === '/browser') return { endpoint: (await this.#browser.get()).wsEndpoint() };
    throw new Error(`There is no ${path} to share.`);
  }

  async #newAccount(): Promise<string> {
    const { connection } = await this.#azurite.get();
    if (this.#accounts === accountCount) throw new Error(`More than ${accountCount} storage accounts are in use.`);
    return connection.replaceAll(wellKnown, accountOf(this.#accounts++));
  }

  #startRunner(): Promise<Runner> {
    const keys = Array.from({ length: keyCount }, (_, i) => keyOf(i));
    return Runner.start({ env: { AUTH_MODE: 'key', LOCAL_FUNCTION_KEYS: keys.join() } });
  }
}

/** Starts something when it is first asked for, and ends it if it was. */
class Later<T> {
  readonly #start: () => Promise<T>;
  #started: Promise<T> | undefined;

  constructor(start: () => Promise<T>) {
    this.#start = start;
  }

  get(): Promise<T> {
    this.#started ??= this.#start();
    return this.#started;
  }

  async end(end: (started: T) => Promise<unknown>): Promise<void> {
    const started = await this.#started?.catch(() => undefined);
    if (started !== undefined) await end(started);
  }
}

function accountOf(index: number): string {
  return `account${index}`;
}

function keyOf(index: number): string {
  return `suite-key-${index}`;
}

async function startAzurite(): Promise<{ azurite: Azurite; connection: string }> {
  const port = await freePorts(3);
  const connection = azuriteConnection(port);
  const [, key] = /AccountKey=([^;]+)/.exec(connection) ?? [];
  const names = [wellKnown, ...Array.from({ length: accountCount }, (_, i) => accountOf(i))];
  process.env.AZURITE_ACCOUNTS = names.map((name) => `${name}:${key}`).join(';');
  const azurite = await Azurite.start(port, null, (reason) => {
    throw new Error(reason);
  });
  delete process.env.AZURITE_ACCOUNTS;
  return { azurite, connection };
}
