/** What a suite needs to be running, said at its top level; it is there from the first `beforeAll` on. */
import { type Browser, chromium } from 'playwright-core';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { Client } from './client.ts';
import { askFor } from './shared/client.ts';
import { StorageProxy } from './storage-proxy.ts';

export interface SharedRunner {
  url: string;
  /** A function key that no other suite has. */
  key: string;
  /** Calls with that key: it sees no task, job or upload but the suite's own. */
  client: Client;
  /** Connection string of its storage account, in which there are the tasks of other suites too. */
  storage: string;
  /** Another caller, with a key of their own. */
  newClient(): Promise<Client>;
}

/**
 * The runner that suites share, with `AUTH_MODE=key` and the default settings. For suites that look at it through the
 * API alone: those that need settings of their own, its log, or to stop it start their own `Runner`.
 *
 *     const { client } = useRunner();
 *     test('…', async () => expect(await client.run(request('coins.png', 'canny'))).toMatchObject({ … }));
 */
export function useRunner(): SharedRunner {
  const newClient = async () => new Client(await askFor('runner'));
  const runner = useLater<SharedRunner>(() => askFor('runner'), { newClient });
  runner.client = new Client(runner);
  return runner;
}

export interface SharedAccount {
  connection: string;
  storage: Storage;
}

/**
 * An empty storage account of the suite's own, in the Azurite that all share. Suites that stop the storage start their own
 * (`Account` in account.ts).
 */
export function useAccount(): SharedAccount {
  return useLater(async () => {
    const { connection } = await askFor('account');
    return { connection, storage: await openStorage(connection) };
  });
}

export interface SharedAccounts {
  /** Connection strings of two empty accounts. */
  connections: [first: string, second: string];
  /** Both as one, tasks and images spread over them. */
  storage: Storage;
}

/** As `useAccount`, with two accounts. */
export function useTwoAccounts(): SharedAccounts {
  return useLater(async () => {
    const [first, second] = [(await askFor('account')).connection, (await askFor('account')).connection];
    return {
      connections: [first, second] as [string, string],
      storage: await openStorage(first, { further: [second] }),
    };
  });
}

export interface ProxiedAccount extends SharedAccount {
  proxy: StorageProxy;
  /** The same account by way of the proxy. */
  byProxy: Storage;
}

/** As `useAccount`, with a second way to it on which requests are counted and broken. */
export function useProxiedAccount(options: { retries?: number } = {}): ProxiedAccount {
  const proxied = useAccount() as ProxiedAccount;
  beforeAll(async () => {
    proxied.proxy = await StorageProxy.start(proxied.connection);
    proxied.byProxy = await openStorage(proxied.proxy.connection, options);
  });
  afterAll(() => proxied.proxy.stop());
  return proxied;
}

/** The browser that suites share; `Visit.begin` opens a context of its own in it for each test. */
export function useBrowser(): { browser: Browser } {
  const shared = useLater<{ browser: Browser }>(async () => ({
    browser: await chromium.connect((await askFor('browser')).endpoint),
  }));
  afterAll(() => shared.browser.close());
  return shared;
}

function useLater<T extends object>(start: () => Promise<Partial<T>>, now: Partial<T> = {}): T {
  const later = { ...now } as T;
  beforeAll(async () => void Object.assign(later, await start()));
  return later;
}
