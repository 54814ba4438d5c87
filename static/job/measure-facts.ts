/** What an operation says of its measurements: the unit of a value, and what it means. */
import { catalog } from '../api/catalog.ts';

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  description?: string;
  unit?: string;
}

export interface MeasureFacts {
  /** As it is written behind the value; empty where there is none. */
  unit: string;
  description: string;
}

/** Of one value they are empty, of another the scale of the samples: nothing to write behind a number. */
const units = ['px', 'px²', '°', '%', 'ms', 's'];

/** `path`: `area`, or of a column in a list `objects.centroid.x`. */
export function measureFacts(operation: string, path: string): MeasureFacts {
  const root = (catalog.value?.operations.get(operation)?.measures ?? {}) as Schema;
  let schema: Schema = resolved(root, root);
  for (const name of path.split('.')) schema = within(schema, name, root);
  const { unit = '', description = '' } = schema;
  return { unit: units.includes(unit) ? unit : '', description };
}

/** Whether steps measure anything, and whether there is a list among it: objects, faces, lines. Both, as long as it is not known. */
export function measuredBy(operations: readonly string[]): { values: boolean; lists: boolean } {
  if (catalog.value === null) return { values: true, lists: true };
  const measures = operations.flatMap((name) => {
    const root = (catalog.value?.operations.get(name)?.measures ?? {}) as Schema;
    return Object.values(root.properties ?? {}).map((property) => resolved(property, root));
  });
  return { values: measures.length > 0, lists: measures.some(({ items }) => items !== undefined) };
}

/** Of a property, also where the schema is of a list of objects. */
function within(schema: Schema, name: string, root: Schema): Schema {
  const { properties, additionalProperties } = schema.items ? resolved(schema.items, root) : schema;
  const property = properties?.[name] ?? (typeof additionalProperties === 'object' ? additionalProperties : {});
  return resolved(property, root);
}

/** The schema that a reference stands for, or the one that is not null. */
function resolved(schema: Schema, root: Schema): Schema {
  if (schema.$ref !== undefined) {
    const { $ref, ...own } = schema;
    return { ...resolved(root.$defs?.[$ref.split('/').at(-1) ?? ''] ?? {}, root), ...own };
  }
  const [given] = schema.anyOf ?? [];
  return given ? { ...resolved(given, root), ...schema } : schema;
}
