import { odata, type TableClient } from '@azure/data-tables';
import type { OutputOptions } from '../imaging/output.ts';
import type { Preset } from '../imaging/presets.ts';
import type { Step } from '../imaging/steps.ts';
import { type Columns, fromColumns, json, plain, toColumns } from './columns.ts';
import { type Keys, type Stored, Table } from './table.ts';

type PresetFields = Omit<Preset, 'name'>;
type PresetRow = Keys & Record<keyof PresetFields, unknown>;

const columns: Columns<PresetFields> = {
  title: plain(),
  summary: plain(),
  steps: json<Step[]>([]),
  output: json<OutputOptions>({}),
};

const prefix = 'preset-';

/** The presets of each caller: rows of table `callers`. */
export class PresetRows {
  readonly #table: Table<PresetRow>;

  constructor(client: TableClient) {
    this.#table = new Table(client);
  }

  async get(owner: string, name: string): Promise<Preset | null> {
    const row = await this.#table.get(keysOf(owner, name));
    return row && fromRow(row);
  }

  /** In the order of their names. */
  async list(owner: string): Promise<Preset[]> {
    const filter = odata`PartitionKey eq ${owner} and RowKey ge ${prefix} and RowKey lt 'preset.'`;
    return (await Array.fromAsync(this.#table.list(filter))).map(fromRow);
  }

  /** In place of one of the same name. */
  async put(owner: string, { name, ...fields }: Preset): Promise<void> {
    await this.#table.put({ ...keysOf(owner, name), ...toColumns(columns, fields) });
  }

  /** Whether there was one. */
  async delete(owner: string, name: string): Promise<boolean> {
    return this.#table.delete(keysOf(owner, name));
  }
}

function keysOf(owner: string, name: string): Keys {
  return { partitionKey: owner, rowKey: prefix + name };
}

function fromRow(row: Stored<PresetRow>): Preset {
  return { name: row.rowKey.slice(prefix.length), ...fromColumns(columns, row).thing };
}
