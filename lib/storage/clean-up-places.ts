import type { TableClient } from '@azure/data-tables';
import { Table } from './table.ts';

type PlacesRow = {
  partitionKey: string;
  rowKey: string;
  /** The section that a run had come to when its time was over. */
  last: string;
  /** Where each section that did not come to its end goes on, as JSON. */
  places: string;
  /** What each section found in its last whole round, and in the one that is under way, as JSON. */
  found?: string;
  counting?: string;
};

/** Blobs that are kept. */
export interface Kept {
  blobs: number;
  bytes: number;
}

/** When a round ended, and what it found. */
export type Found = Kept & { at: string };

/** No caller has this name. */
const keys = { partitionKey: 'clean-up', rowKey: 'places' };

/** How far the clean-up has come: a row, so that accounts are got through that are too large for one run. */
export class CleanUpPlaces {
  readonly #table: Table<PlacesRow>;
  readonly #places: Map<string, string>;
  readonly #found: Map<string, Found>;
  readonly #counting: Map<string, Kept>;
  #last: string | null;

  private constructor(table: Table<PlacesRow>, row: Partial<PlacesRow>) {
    const mapOf = <Value>(json = '{}') => new Map(Object.entries(JSON.parse(json) as Record<string, Value>));
    this.#table = table;
    this.#places = mapOf(row.places);
    this.#found = mapOf(row.found);
    this.#counting = mapOf(row.counting);
    this.#last = row.last ?? null;
  }

  static async read(client: TableClient): Promise<CleanUpPlaces> {
    const table = new Table<PlacesRow>(client);
    return new CleanUpPlaces(table, (await table.get(keys)) ?? {});
  }

  /** The sections, beginning with the one after that which was last. */
  inTurn(sections: string[]): string[] {
    const first = this.#last === null ? 0 : sections.indexOf(this.#last) + 1;
    return [...sections.slice(first), ...sections.slice(0, first)];
  }

  /** Where the section goes on; null for its beginning. */
  of(section: string): string | null {
    return this.#places.get(section) ?? null;
  }

  /** What sections found when they last came to their ends. */
  get found(): ReadonlyMap<string, Found> {
    return this.#found;
  }

  /** Counts blobs that a section has come across and that stay. */
  count(section: string, { blobs, bytes }: Kept): void {
    const before = this.#counting.get(section) ?? { blobs: 0, bytes: 0 };
    this.#counting.set(section, { blobs: before.blobs + blobs, bytes: before.bytes + bytes });
  }

  /** Notes that a section has come to `place`; null for its end. */
  async note(section: string, place: string | null): Promise<void> {
    this.#last = section;
    if (place === null) this.#end(section);
    else this.#places.set(section, place);
    await this.#put(section);
  }

  /** Notes that a section failed: it begins anew, and what it has counted is of no use. */
  async noteFailure(section: string): Promise<void> {
    this.#last = section;
    this.#places.delete(section);
    this.#counting.delete(section);
    await this.#put(section);
  }

  #end(section: string): void {
    this.#places.delete(section);
    const kept = this.#counting.get(section);
    if (kept) this.#found.set(section, { ...kept, at: new Date().toISOString() });
    this.#counting.delete(section);
  }

  async #put(last: string): Promise<void> {
    const json = (map: Map<string, unknown>) => JSON.stringify(Object.fromEntries(map));
    const [places, found, counting] = [json(this.#places), json(this.#found), json(this.#counting)];
    await this.#table.put({ ...keys, last, places, found, counting });
  }
}
