import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../lib/project-root.ts';
import { allowUploadsFrom, azuriteConnection } from '../../local/azurite.ts';
import { askFor, canShare } from './shared/client.ts';

export interface RunnerInit {
  args?: string[];
  env?: Record<string, string>;
  /** Connection string of its storage account; a new one, if left out, and `args` neither start nor join one. */
  connection?: string;
  /** A free one, if left out. */
  port?: number;
}

/**
 * A running Tessera of its own: the real runner as a child process, on a free port, with a storage account of its own. In
 * tests the account is in the Azurite that suites share; elsewhere the runner starts one in memory.
 */
export class Runner {
  readonly url: string;
  /** Connection string of its storage account. */
  readonly storage: string;
  /** What it has printed so far. */
  readonly output: string[];
  readonly process: ChildProcess;

  private constructor(process: ChildProcess, url: string, storage: string, output: string[]) {
    this.process = process;
    this.url = url;
    this.storage = storage;
    this.output = output;
  }

  static async start(init: RunnerInit = {}): Promise<Runner> {
    const { args = [], env = {}, port = await freePorts(1) } = init;
    const account = await accountFor(init);
    const main = join(projectRoot, 'dist/local/main.js');
    const child = spawn(process.execPath, [main, '--port', String(port), ...account.args, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...quick, ...identity(), AzureWebJobsStorage: account.connection, ...env },
    });
    const output: string[] = [];
    const ready = Promise.withResolvers<string>();
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => {
        output.push(line);
        const [, url] = /^Tessera is ready at (\S+)/.exec(line) ?? [];
        if (url !== undefined) ready.resolve(url);
      });
    }
    child.once('exit', (code) => ready.reject(new Error(`The runner ended (${code}):\n${output.join('\n')}`)));
    const url = await ready.promise;
    if (account.isNew)
      await allowUploadsFrom([url, ...(argumentOf('--cors', args)?.split(',') ?? [])], account.connection);
    return new Runner(child, url, account.connection, output);
  }

  /** The facts of every line that it has logged of an event. */
  // biome-ignore lint/suspicious/noExplicitAny: each event has facts of its own.
  logged(event: string): any[] {
    const lines = this.output.filter((line) => line.includes(`{"event":"${event}"`));
    return lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))));
  }

  /** Stops it as an operator would. Gives its exit code. */
  async stop(): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const exited = once(this.process, 'exit');
      this.process.kill('SIGTERM');
      await exited;
    }
    return this.process.exitCode;
  }
}

/** The storage account that a runner is to use, and the arguments that tell it so. */
async function accountFor({ connection, args = [], env = {} }: RunnerInit) {
  const named = argumentOf('--storage-port', args) ?? argumentOf('--join', args);
  if (named !== undefined) return { connection: azuriteConnection(Number(named)), args: [], isNew: false };
  const given = connection ?? env.AzureWebJobsStorage;
  if (given !== undefined) return { connection: given, args: ['--no-storage'], isNew: false };
  if (canShare()) return { ...(await askFor('account')), args: ['--no-storage'], isNew: true };
  const port = await freePorts(3);
  return {
    connection: azuriteConnection(port),
    args: ['--storage-port', String(port), '--in-memory'],
    isNew: false,
  };
}

function argumentOf(option: string, args: string[]): string | undefined {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
}

/** An instance of its own, whatever platform this machine says that it is. */
function identity() {
  return { WEBSITE_INSTANCE_ID: `runner-${randomUUID().slice(0, 8)}` };
}

/** Retries at once and polls often: the rules stay, the waits are short. */
const quick = {
  AUTH_MODE: 'anonymous',
  AzureFunctionsJobHost__extensions__queues__visibilityTimeout: '00:00:00',
  AzureFunctionsJobHost__extensions__queues__maxPollingInterval: '00:00:00.2',
};

/** The first of `count` neighboring ports that are free now. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 40_000);
    const ports = Array.from({ length: count }, (_, i) => first + i);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
