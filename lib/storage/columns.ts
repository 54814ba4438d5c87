/** How the fields of a thing stand in the columns of its row: one declaration for writing and reading. */

/** A field's way into its column and out of it. Nothing is written for what is `undefined`. */
export interface Column<Value> {
  write(value: Value): unknown;
  /** Throws where the column holds what cannot be read. */
  read(column: unknown): Value;
  /** What the field has where its column cannot be read. */
  unreadable: Value;
}

/** A column for every field of a thing. */
export type Columns<Thing> = { [Field in keyof Thing]-?: Column<Thing[Field]> };

/** Text, a number, a truth value, or a time, as the table has it. */
export function plain<Value>(): Column<Value> {
  return { write: (value) => value, read: (column) => column as Value, unreadable: undefined as Value };
}

/** As `plain`; a column that is not there is null. */
export function nullable<Value>(): Column<Value | null> {
  return { write: (value) => value ?? undefined, read: (column) => (column ?? null) as Value | null, unreadable: null };
}

/** A number that is mostly 0, and then takes no column. */
export function mostlyZero(): Column<number> {
  return { write: (value) => value || undefined, read: (column) => (column ?? 0) as number, unreadable: 0 };
}

/** An object as JSON text; `unreadable` stands for one that is not there, too. */
export function json<Value>(unreadable: Value): Column<Value> {
  return {
    write: (value) => JSON.stringify(value),
    read: (column) => (column === undefined ? unreadable : (JSON.parse(column as string) ?? unreadable)),
    unreadable,
  };
}

/** As `json`; a column that is not there is null. What JSON does not bring back, `revive` does. */
export function nullableJson<Value>(revive: (parsed: Value) => Value = (parsed) => parsed): Column<Value | null> {
  return {
    write: (value) => (value === null ? undefined : JSON.stringify(value)),
    read: (column) => (column === undefined ? null : revive(JSON.parse(column as string))),
    unreadable: null,
  };
}

export function toColumns<Thing extends object>(columns: Columns<Thing>, thing: Thing): Record<keyof Thing, unknown> {
  return mapFields(columns, (field, column) => column.write(thing[field])) as Record<keyof Thing, unknown>;
}

/** The thing in a row, and which of its columns cannot be read. */
export function fromColumns<Thing extends object>(
  columns: Columns<Thing>,
  row: { [Field in keyof Thing]?: unknown },
): { thing: Thing; unreadable: string[] } {
  const unreadable: string[] = [];
  const thing = mapFields(columns, (field, column) => {
    try {
      return column.read(row[field]);
    } catch {
      unreadable.push(String(field));
      return column.unreadable;
    }
  });
  return { thing: thing as Thing, unreadable };
}

function mapFields<Thing extends object>(
  columns: Columns<Thing>,
  map: (field: keyof Thing, column: Column<Thing[keyof Thing]>) => unknown,
): object {
  const entries = Object.entries(columns) as [keyof Thing, Column<Thing[keyof Thing]>][];
  return Object.fromEntries(entries.map(([field, column]) => [field, map(field, column)]));
}
