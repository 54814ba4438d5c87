import { randomBytes } from 'node:crypto';
import { RestError, type TableClient } from '@azure/data-tables';

type SecretRow = {
  partitionKey: string;
  rowKey: string;
  secret: string;
  /** Replaced, and good until `previousUntil`. */
  previous?: string;
  previousUntil?: Date;
};

const rowKey = 'callback-secret';
/** For so long receivers may still check with the secret before. */
const overlapMs = 24 * 3600_000;

/** With what each caller's callbacks are signed: a secret of their own, made when it is first needed. */
export class CallbackSecrets {
  readonly #table: TableClient;

  constructor({ callers }: { callers: TableClient }) {
    this.#table = callers;
  }

  /** The secret in use, and before it the one that it has replaced a short while ago. */
  async all(owner: string): Promise<string[]> {
    const { secret, previous, previousUntil } = await this.#get(owner);
    const overlaps = previous !== undefined && previousUntil !== undefined && previousUntil > new Date();
    return overlaps ? [previous, secret] : [secret];
  }

  async current(owner: string): Promise<string> {
    return (await this.#get(owner)).secret;
  }

  async replace(owner: string): Promise<string> {
    const { secret: previous } = await this.#get(owner);
    const row = { ...newRow(owner), previous, previousUntil: new Date(Date.now() + overlapMs) };
    await this.#table.upsertEntity(row satisfies SecretRow, 'Replace');
    return row.secret;
  }

  async #get(owner: string): Promise<SecretRow> {
    for (;;) {
      try {
        return await this.#table.getEntity<SecretRow>(owner, rowKey);
      } catch (error) {
        if (!(error instanceof RestError && error.statusCode === 404)) throw error;
      }
      try {
        const row = newRow(owner);
        await this.#table.createEntity(row);
        return row;
      } catch (error) {
        // Another instance was first: its secret counts.
        if (!(error instanceof RestError && error.statusCode === 409)) throw error;
      }
    }
  }
}

/** As Standard Webhooks writes secrets: 192 to 512 random bits. */
function newRow(owner: string): SecretRow {
  return { partitionKey: owner, rowKey, secret: `whsec_${randomBytes(32).toString('base64')}` };
}
