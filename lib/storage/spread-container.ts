import type { Readable } from 'node:stream';
import { type Problem, problem } from '../problems.ts';
import type { BlobContainer, BlobHead, BlobPage, Blobs, BlobVersion, ListedBlob, OpenBlob } from './blob-container.ts';
import type { LinkOptions } from './links.ts';
import { accountsOfBlob, accountsOfPrefix, ofAccount } from './placement.ts';

/**
 * A container of each account, as one. A blob's name tells its account; an upload may lie in one of several, as accounts were added
 * since. Where it is not found at once, the others are asked.
 */
export class SpreadContainer implements Blobs {
  readonly #parts: readonly BlobContainer[];

  constructor(parts: readonly BlobContainer[]) {
    this.#parts = parts;
  }

  put(name: string, bytes: Uint8Array, contentType: string): Promise<void> {
    return this.#for(name).put(name, bytes, contentType);
  }

  putText(name: string, text: string, contentType?: string): Promise<void> {
    return this.#for(name).putText(name, text, contentType);
  }

  putLines(name: string, items: readonly object[]): Promise<void> {
    return this.#for(name).putLines(name, items);
  }

  putStream(name: string, stream: Readable, contentType: string): Promise<void> {
    return this.#for(name).putStream(name, stream, contentType);
  }

  async properties(name: string): Promise<{ etag: string; bytes: number } | null> {
    for (const part of this.#placesOf(name)) {
      const found = await part.properties(name);
      if (found) return found;
    }
    return null;
  }

  head(name: string, length: number, missing: () => Problem): Promise<BlobHead> {
    return this.#find(name, missing, (part, missing) => part.head(name, length, missing));
  }

  async range(name: string, offset: number, length: number): Promise<Buffer> {
    return (await this.holderOf(name)).range(name, offset, length);
  }

  open(version: BlobVersion, missing: () => Problem): Promise<OpenBlob> {
    return this.#find(version.blob, missing, (part, missing) => part.open(version, missing));
  }

  check(version: BlobVersion, missing: () => Problem): Promise<void> {
    return this.#find(version.blob, missing, (part, missing) => part.check(version, missing));
  }

  async stream(name: string): Promise<Readable | null> {
    return (await this.holderOf(name)).stream(name);
  }

  async text(name: string): Promise<string | null> {
    return (await this.holderOf(name)).text(name);
  }

  /** By name over all accounts. Of an upload that was sent again when there were more accounts, the later one. */
  async *list(prefix = ''): AsyncGenerator<ListedBlob> {
    const lists = accountsOfPrefix(prefix, this.#parts.length).map((account) => ({
      account,
      blobs: this.#at(account).list(prefix),
    }));
    const heads = await Promise.all(lists.map(async (list) => ({ ...list, next: await list.blobs.next() })));
    for (;;) {
      const open = heads.filter(({ next }) => !next.done);
      if (open.length === 0) return;
      const name = open.map(({ next }) => next.value.name as string).reduce((a, b) => (b < a ? b : a));
      const same = open.filter(({ next }) => next.value.name === name);
      const places = accountsOfBlob(name, this.#parts.length);
      same.sort((a, b) => places.indexOf(a.account) - places.indexOf(b.account));
      yield same[0].next.value as ListedBlob;
      for (const head of same) head.next = await head.blobs.next();
    }
  }

  /** Account after account, by name in each. */
  async listPage(prefix: string, limit: number, marker?: string): Promise<BlobPage> {
    const accounts = accountsOfPrefix(prefix, this.#parts.length);
    const [, account = '', rest = ''] = /^(\d+)\.(.*)$/s.exec(marker ?? `${accounts[0]}.`) ?? [];
    const place = account === '' ? -1 : accounts.indexOf(Number(account));
    if (place < 0) throw problem('invalid-parameter', 'The list has no such page.', { field: 'continuation' });
    const { blobs, next } = await this.#at(accounts[place]).listPage(prefix, limit, rest === '' ? undefined : rest);
    const following = accounts[place + 1];
    if (next !== null) return { blobs, next: `${account}.${next}` };
    if (following === undefined) return { blobs, next: null };
    return blobs.length > 0 ? { blobs, next: `${following}.` } : this.listPage(prefix, limit, `${following}.`);
  }

  async delete(name: string): Promise<boolean> {
    const deleted = await Promise.all(this.#placesOf(name).map((part) => part.delete(name)));
    return deleted.includes(true);
  }

  async deleteAll(prefix: string): Promise<void> {
    await Promise.all(
      accountsOfPrefix(prefix, this.#parts.length).map((account) => this.#at(account).deleteAll(prefix)),
    );
  }

  copy(source: BlobVersion, name: string, from: Blobs = this): Promise<boolean> {
    return this.#for(name).copy(source, name, from);
  }

  async readLink(name: string, options: LinkOptions): Promise<string> {
    return (await this.holderOf(name)).readLink(name, options);
  }

  writeLink(name: string, expiresOn: Date): Promise<string> {
    return this.#for(name).writeLink(name, expiresOn);
  }

  async holderOf(name: string): Promise<BlobContainer> {
    const places = this.#placesOf(name);
    if (places.length > 1) for (const part of places) if (await part.properties(name)) return part;
    return places[0];
  }

  #at(account: number): BlobContainer {
    return ofAccount(this.#parts, account);
  }

  /** Where a blob goes that is written now. */
  #for(name: string): BlobContainer {
    return this.#at(accountsOfBlob(name, this.#parts.length)[0]);
  }

  #placesOf(name: string): BlobContainer[] {
    return accountsOfBlob(name, this.#parts.length).map((account) => this.#at(account));
  }

  async #find<T>(
    name: string,
    missing: () => Problem,
    ask: (part: BlobContainer, missing: () => Problem) => Promise<T>,
  ): Promise<T> {
    const places = this.#placesOf(name);
    for (const part of places.slice(0, -1)) {
      const absent = missing();
      try {
        return await ask(part, () => absent);
      } catch (error) {
        if (error !== absent) throw error;
      }
    }
    return ask(places[places.length - 1], missing);
  }
}
