import { odata, type TableClient } from '@azure/data-tables';
import type { OutputOptions } from '../imaging/output.ts';
import type { Preset } from '../imaging/presets.ts';
import type { Step } from '../imaging/steps.ts';
import { type Keys, type Stored, Table } from './table.ts';

type PresetRow = Keys & { title: string; summary: string /** JSON. */; steps: string; output: string };

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
  async put(owner: string, { name, title, summary, steps, output }: Preset): Promise<void> {
    const work = { steps: JSON.stringify(steps), output: JSON.stringify(output) };
    await this.#table.put({ ...keysOf(owner, name), title, summary, ...work });
  }

  /** Whether there was one. */
  async delete(owner: string, name: string): Promise<boolean> {
    return this.#table.delete(keysOf(owner, name));
  }
}

function keysOf(owner: string, name: string): Keys {
  return { partitionKey: owner, rowKey: prefix + name };
}

function fromRow({ rowKey, title, summary, steps, output }: Stored<PresetRow>): Preset {
  return {
    name: rowKey.slice(prefix.length),
    title,
    summary,
    steps: JSON.parse(steps) as Step[],
    output: JSON.parse(output) as OutputOptions,
  };
}
