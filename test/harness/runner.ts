import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../lib/project-root.ts';
import { azuriteConnection } from '../../local/azurite.ts';

export interface RunnerInit {
  args?: string[];
  env?: Record<string, string>;
  /** A free one, if left out. */
  port?: number;
}

/** A running Tessera of its own: the real runner as a child process, with Azurite in memory, on free ports. */
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

  static async start({ args = [], env = {}, port: wanted }: RunnerInit = {}): Promise<Runner> {
    const [port, storagePort] = [wanted ?? (await freePorts(1)), await freePorts(3)];
    const main = join(projectRoot, 'dist/local/main.js');
    const ports = ['--port', String(port), '--storage-port', String(storagePort)];
    const child = spawn(process.execPath, [main, ...ports, '--in-memory', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...quick, ...env },
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
    return new Runner(child, await ready.promise, azuriteConnection(storagePort), output);
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

/** Retries at once and polls often: the rules stay, the waits are short. */
const quick = {
  AUTH_MODE: 'anonymous',
  AzureFunctionsJobHost__extensions__queues__visibilityTimeout: '00:00:00',
  AzureFunctionsJobHost__extensions__queues__maxPollingInterval: '00:00:00.2',
};

/** The first of `count` neighbouring ports that are free now. */
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
