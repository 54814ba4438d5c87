import { Azurite, azuriteConnection } from '../../local/azurite.ts';
import { freePorts } from './runner.ts';

/** A storage account of its own, in memory. */
export class Account {
  readonly connection: string;
  readonly #azurite: Azurite;

  private constructor(azurite: Azurite, connection: string) {
    this.#azurite = azurite;
    this.connection = connection;
  }

  static async start(): Promise<Account> {
    const port = await freePorts(3);
    const azurite = await Azurite.start(port, null, (reason) => {
      throw new Error(reason);
    });
    return new Account(azurite, azuriteConnection(port));
  }

  stop(): Promise<void> {
    return this.#azurite.stop();
  }
}

export const silentLog = { info() {}, warn() {}, error() {} };
