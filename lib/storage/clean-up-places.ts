import type { TableClient } from '@azure/data-tables';
import { Table } from './table.ts';

type PlacesRow = {
  partitionKey: string;
  rowKey: string;
  /** The section that a run had come to when its time was over. */
  last: string;
  /** Where each section that did not come to its end goes on, as JSON. */
  places: string;
};

/** No caller has this name. */
const keys = { partitionKey: 'clean-up', rowKey: 'places' };

/** How far the clean-up has come: a row, so that accounts are got through that are too large for one run. */
export class CleanUpPlaces {
  readonly #table: Table<PlacesRow>;
  readonly #places: Map<string, string>;
  #last: string | null;

  private constructor(table: Table<PlacesRow>, places: Map<string, string>, last: string | null) {
    this.#table = table;
    this.#places = places;
    this.#last = last;
  }

  static async read(client: TableClient): Promise<CleanUpPlaces> {
    const table = new Table<PlacesRow>(client);
    const row = await table.get(keys);
    return new CleanUpPlaces(table, new Map(Object.entries(JSON.parse(row?.places ?? '{}'))), row?.last ?? null);
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

  /** Notes that a section has come to `place`; null for its end. */
  async note(section: string, place: string | null): Promise<void> {
    this.#last = section;
    if (place === null) this.#places.delete(section);
    else this.#places.set(section, place);
    const row: PlacesRow = { ...keys, last: section, places: JSON.stringify(Object.fromEntries(this.#places)) };
    await this.#table.put(row);
  }
}
