import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Azurite, azuriteConnection } from '../local/azurite.ts';
import { freePorts } from '../test/harness/runner.ts';
import type { Work } from './e2e-tessera.ts';

const python = '/usr/bin/python3';

/** The system to compare with: its workers, and a storage account of its own. */
export class Peer implements AsyncDisposable {
  readonly #folder: string;
  readonly #azurite: Azurite;
  readonly #connection: string;
  readonly #workers: ChildProcess[] = [];

  private constructor(folder: string, azurite: Azurite, connection: string) {
    this.#folder = folder;
    this.#azurite = azurite;
    this.#connection = connection;
  }

  static async start(folder: string, workers: number): Promise<Peer> {
    const port = await freePorts(3);
    const azurite = await Azurite.start(port, null, (reason) => {
      throw new Error(reason);
    });
    const peer = new Peer(folder, azurite, azuriteConnection(port));
    // The first run makes the queue that workers read, with none to empty it but those that come.
    const first = peer.#submit(['canny', '1', join(import.meta.dirname, '../test/fixtures/coins.png')]);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    for (let i = 0; i < workers; i++) {
      const worker = spawn(python, [join(folder, 'worker.py'), peer.#connection], { stdio: 'inherit' });
      peer.#workers.push(worker);
    }
    await first;
    return peer;
  }

  /** Images per second. */
  async run({ operation, image, reference }: Work, count: number): Promise<number> {
    const answer = await this.#submit([
      operation,
      String(count),
      image,
      ...(reference === undefined ? [] : [reference]),
    ]);
    return (JSON.parse(answer) as { perSecond: number }).perSecond;
  }

  async #submit(args: string[]): Promise<string> {
    const script = join(this.#folder, 'submit.py');
    return (await promisify(execFile)(python, [script, this.#connection, ...args])).stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.#workers) {
      worker.kill();
      await once(worker, 'exit');
    }
    await this.#azurite.stop();
  }
}
