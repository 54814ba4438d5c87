import { randomBytes } from 'node:crypto';
import type { SecretRows, StoredSecret } from '../storage/secret-rows.ts';

/** For so long receivers may still check with the secret before. */
const overlapMs = 24 * 3600_000;

/** With what each caller's callbacks are signed: a secret of their own, made when it is first needed. */
export class CallbackSecrets {
  readonly #rows: SecretRows;

  constructor({ secrets }: { secrets: SecretRows }) {
    this.#rows = secrets;
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
    const secret = newSecret();
    await this.#rows.put(owner, { secret, previous, previousUntil: new Date(Date.now() + overlapMs) });
    return secret;
  }

  async #get(owner: string): Promise<StoredSecret> {
    for (;;) {
      const found = await this.#rows.get(owner);
      if (found) return found;
      const made = { secret: newSecret() };
      // Where another instance is first, its secret counts.
      if (await this.#rows.create(owner, made)) return made;
    }
  }
}

/** As Standard Webhooks writes secrets: 192 to 512 random bits. */
function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
