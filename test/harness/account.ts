import { Azurite, azuriteConnection } from '../../local/azurite.ts';
import { freePorts } from './runner.ts';
import { askFor, canShare } from './shared/client.ts';

interface OwnAzurite {
  port: number;
  data: string | null;
  azurite: Azurite;
}

/** A storage account of its own. */
export class Account {
  readonly connection: string;
  readonly #own: OwnAzurite | null;

  private constructor(connection: string, own: OwnAzurite | null) {
    this.connection = connection;
    this.#own = own;
  }

  /** In the Azurite that suites share; or in one of its own, with its data in a folder, that can be stopped and started again. */
  static async start(data: string | null = null): Promise<Account> {
    if (data === null && canShare()) return new Account((await askFor('account')).connection, null);
    const port = await freePorts(3);
    return new Account(azuriteConnection(port), { port, data, azurite: await startAzurite(port, data) });
  }

  /** After `stop`, of one that has a folder. */
  async startAgain(): Promise<void> {
    if (this.#own) this.#own.azurite = await startAzurite(this.#own.port, this.#own.data);
  }

  async stop(): Promise<void> {
    await this.#own?.azurite.stop();
  }
}

function startAzurite(port: number, data: string | null): Promise<Azurite> {
  return Azurite.start(port, data, (reason) => {
    throw new Error(reason);
  });
}
