import { Azurite, azuriteConnection } from '../../local/azurite.ts';
import { freePorts } from './runner.ts';

/** A storage account of its own. */
export class Account {
  readonly connection: string;
  readonly #port: number;
  readonly #data: string | null;
  #azurite: Azurite;

  private constructor(azurite: Azurite, port: number, data: string | null) {
    this.#azurite = azurite;
    this.#port = port;
    this.#data = data;
    this.connection = azuriteConnection(port);
  }

  /** In memory, or in a folder; there it can be started again. */
  static async start(data: string | null = null): Promise<Account> {
    const port = await freePorts(3);
    return new Account(await startAzurite(port, data), port, data);
  }

  /** After `stop`. */
  async startAgain(): Promise<void> {
    this.#azurite = await startAzurite(this.#port, this.#data);
  }

  stop(): Promise<void> {
    return this.#azurite.stop();
  }
}

function startAzurite(port: number, data: string | null): Promise<Azurite> {
  return Azurite.start(port, data, (reason) => {
    throw new Error(reason);
  });
}

export const silentLog = { info() {}, warn() {}, error() {} };
