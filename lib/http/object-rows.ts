/** Everything that operations list (objects, faces, lines, circles…), as rows of a table. */
import { z } from 'zod';
import type { Step } from '../imaging/steps.ts';
import type { Task } from '../model/task.ts';
import { operations } from '../operations/registry.ts';
import type { Measurements } from '../vision/declaration/operation.ts';

export type Row = Record<string, string | number | boolean | null>;

const factColumns = ['task', 'image', 'step', 'operation', 'list', 'number'];

/** A row for each thing in a list: its task, the step and the list that it stands in, its number there, and its measures. */
export function* objectRows(task: Task, measurements: readonly Measurements[]): Generator<Row> {
  for (const [step, measured] of measurements.entries()) {
    for (const [list, values] of Object.entries(measured)) {
      if (!Array.isArray(values) || !values.every(isObject)) continue;
      const { operation } = task.steps[step];
      const facts = { task: task.id, image: task.input.name, step: step + 1, operation, list };
      for (const [index, value] of values.entries())
        yield {
          ...facts,
          number: index + 1,
          ...Object.assign({}, ...Object.entries(value).map(([name, inner]) => flat(inner, name))),
        };
    }
  }
}

/**
 * The columns that such a table has whatever was found: facts, then what the operations declare of the things that they list. Those
 * of channels, which depend on the image, come after them.
 */
export function objectColumns(steps: readonly Step[]): string[] {
  const columns = new Set(factColumns);
  for (const name of new Set(steps.map(({ operation }) => operation))) {
    const measures = operations.get(name)?.measures;
    if (!measures) continue;
    const schema = z.toJSONSchema(measures, { io: 'output', reused: 'inline', cycles: 'throw' }) as Schema;
    for (const list of Object.values(schema.properties ?? {})) {
      const item = list.type === 'array' && list.items && resolve(list.items, schema);
      if (item && item.type === 'object') for (const column of columnsOf(item, schema)) columns.add(column);
    }
  }
  return [...columns];
}

interface Schema {
  type?: string;
  $ref?: string;
  $defs?: Record<string, Schema>;
  properties?: Record<string, Schema>;
  items?: Schema;
}

function resolve(schema: Schema, root: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (root.$defs?.[name] ?? schema);
}

/** As `flat` names them; lists and records have none. */
function columnsOf(schema: Schema, root: Schema, path = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const resolved = resolve(inner, root);
    if (resolved.type === 'array') return [];
    if (resolved.type === 'object') return columnsOf(resolved, root, `${path}${name}.`);
    return [path + name];
  });
}

/** The single values in a value, each under the path that leads to it. */
export function flat(value: unknown, path: string): Row {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return { [path]: value };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.assign({}, ...Object.entries(value).map(([name, inner]) => flat(inner, `${path}.${name}`)));
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
