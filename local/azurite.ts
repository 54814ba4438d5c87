import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StorageAccess } from '../lib/storage/access.ts';
import { connectStorage } from '../lib/storage/clients.ts';
import type { KeylessAccount } from './identity.ts';

const host = '127.0.0.1';
const startTimeoutMs = 30_000;

/** Azurite's well-known account, and the first of several; its key is public. */
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Names of so many accounts of one Azurite. */
export function accountNames(accounts: number): string[] {
  return Array.from({ length: accounts }, (_, i) => account.replace('1', String(i + 1)));
}

export function azuriteConnection(blobPort: number, account = accountNames(1)[0]): string {
  const endpoint = (service: string, port: number) => `${service}Endpoint=http://${host}:${port}/${account};`;
  return [
    `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};`,
    endpoint('Blob', blobPort),
    endpoint('Queue', blobPort + 1),
    endpoint('Table', blobPort + 2),
  ].join('');
}

/**
 * Lets pages of these origins send images to the account by themselves, besides those that may already if `join`; in
 * Azure the account's own settings do.
 */
export async function allowUploadsFrom(origins: string[], access: StorageAccess, join = false): Promise<void> {
  const { blobs: service } = await connectStorage(access);
  const { cors = [] } = join ? await service.getProperties() : {};
  const allowed = new Set([...cors.flatMap(({ allowedOrigins }) => allowedOrigins.split(',')), ...origins]);
  await service.setProperties({
    cors: [
      {
        allowedOrigins: [...allowed].join(','),
        allowedMethods: 'GET,HEAD,PUT,OPTIONS',
        allowedHeaders: '*',
        exposedHeaders: '*',
        maxAgeInSeconds: 3600,
      },
    ],
  });
}

/** Azurite as a child process, which ends with this one, however that ends. */
export class Azurite {
  readonly #process: ChildProcess;
  #stopping = false;

  private constructor(child: ChildProcess, onExit: (reason: string) => void) {
    this.#process = child;
    child.once('exit', (code, signal) => {
      if (!this.#stopping) onExit(`Azurite ended by itself (${signal ?? code}).`);
    });
  }

  /** Starts it with its accounts, and waits until its three services answer. A keyless one is reached over HTTPS, by tokens. Throws where a port is in use or it does not come up. */
  static async start(
    blobPort: number,
    data: string | null,
    onExit: (reason: string) => void,
    { accounts = 1, keyless }: { accounts?: number; keyless?: KeylessAccount | undefined } = {},
  ): Promise<Azurite> {
    const ports = [blobPort, blobPort + 1, blobPort + 2];
    for (const port of ports) await checkFree(port);
    const script = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
    // The channel closes when this process ends, even by SIGKILL; then Azurite saves its data and goes.
    const leaveWithParent = `process.on('disconnect', () => process.kill(process.pid, 'SIGTERM')); process.channel.unref();`;
    const options = [
      ...['--silent', '--skipApiVersionCheck', '--disableTelemetry', '--disableProductStyleUrl'],
      ...['--blobHost', host, '--queueHost', host, '--tableHost', host],
      ...['--blobPort', String(ports[0]), '--queuePort', String(ports[1]), '--tablePort', String(ports[2])],
      ...(data === null ? ['--inMemoryPersistence'] : ['--location', data]),
      ...(keyless === undefined
        ? []
        : ['--oauth', 'basic', '--cert', keyless.certificate, '--key', keyless.privateKey]),
    ];
    const child = spawn(process.execPath, ['--import', `data:text/javascript,${leaveWithParent}`, script, ...options], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // A Ctrl-C in the terminal is for the runner, which stops Azurite last.
      detached: true,
      env: { ...process.env, ...accountsIn(accounts, keyless) },
    });
    const azurite = new Azurite(child, onExit);
    const deadline = Date.now() + startTimeoutMs;
    for (const port of ports) {
      while (!(await answers(port))) {
        if (child.exitCode !== null || Date.now() > deadline) throw new Error('Azurite does not start.');
        await sleep(50);
      }
    }
    return azurite;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    this.#stopping = true;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await exited;
  }
}

/** Nothing where the well-known account is the only one. */
function accountsIn(accounts: number, keyless: KeylessAccount | undefined): { AZURITE_ACCOUNTS?: string } {
  if (accounts === 1 && keyless === undefined) return {};
  const names = accountNames(accounts).map((name) => `${name}:${keyless?.accountKey ?? key}`);
  return { AZURITE_ACCOUNTS: names.join(';') };
}

/** Throws a plain sentence where something listens on the port already. */
export async function checkFree(port: number): Promise<void> {
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new Error(error.code === 'EADDRINUSE' ? `Port ${port} is in use.` : `Port ${port}: ${error.message}`);
  });
  server.close();
  await once(server, 'close');
}

/** Throws a plain sentence where no Azurite has this blob port. */
export async function checkJoinable(blobPort: number): Promise<void> {
  if (!(await answers(blobPort)))
    throw new Error(
      `Nothing answers at port ${blobPort}: --join takes the --storage-port of a runner that is running.`,
    );
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
