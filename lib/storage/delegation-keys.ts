import type { UserDelegationKey } from '@azure/storage-blob';

const hour = 3600_000;
/** The least time that a key is good for; the service allows seven days. */
const shortestMs = 6 * hour;
/** Clocks differ: a key is good from some time ago. */
const skewMs = 15 * 60_000;
/** For a link: its own renewal is the last of those that may be under way. */
const renewalTries = 4;

/** Asks the service for a key, such as `BlobServiceClient.getUserDelegationKey`. */
type AskForKey = (startsOn: Date, expiresOn: Date) => Promise<UserDelegationKey>;

interface Current {
  key: UserDelegationKey;
  expiresAt: number;
  /** Half of its life is over. */
  renewAt: number;
}

/**
 * The keys with which an identity signs links. The service gives them out, one request each; they are kept, and renewed when half of
 * their life is over, while the old one still serves. Requests at the same time share one renewal.
 */
export class DelegationKeys {
  readonly #askForKey: AskForKey;
  readonly #now: () => number;
  #current: Current | undefined;
  #renewal: Promise<Current> | undefined;

  constructor(askForKey: AskForKey, now: () => number = Date.now) {
    this.#askForKey = askForKey;
    this.#now = now;
  }

  /** A key that is good until then, at the least: no link outlives it. `until` is at most three and a half days away. Throws where there is none. */
  async keyUntil(until: Date): Promise<UserDelegationKey> {
    const enough = (current: Current | undefined) => current !== undefined && current.expiresAt >= until.getTime();
    if (this.#current && enough(this.#current)) {
      // What comes of it is for the requests that follow; the next one begins it again if it fails.
      if (this.#now() >= this.#current.renewAt) this.#renew(until).catch(() => {});
      return this.#current.key;
    }
    // A renewal that is under way may be for a shorter link, and so may be the one after it.
    for (let tries = 0; tries < renewalTries; tries++) {
      const renewed = await this.#renew(until);
      if (enough(renewed)) return renewed.key;
    }
    throw new Error(`The storage gives out no key that is good until ${until.toISOString()}.`);
  }

  #renew(until: Date): Promise<Current> {
    this.#renewal ??= this.#ask(until).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #ask(until: Date): Promise<Current> {
    const now = this.#now();
    const lifeMs = Math.max(shortestMs, 2 * (until.getTime() - now));
    const key = await this.#askForKey(new Date(now - skewMs), new Date(now + lifeMs));
    this.#current = { key, expiresAt: key.signedExpiresOn.getTime(), renewAt: now + lifeMs / 2 };
    return this.#current;
  }
}
