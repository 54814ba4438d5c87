/** A preview is made of a smaller image: lengths in pixels shrink with it, so that it looks as the result will. */
import { z } from 'zod';
import { findOperation, parseParams, type Step } from '../../lib/imaging/steps.ts';

interface ParamSchema {
  unit?: string;
  type?: string;
  enum?: unknown;
  minimum?: number;
  maximum?: number;
  anyOf?: ParamSchema[];
  items?: ParamSchema;
  prefixItems?: ParamSchema[];
  properties?: Record<string, ParamSchema>;
}

/** `steps` are complete; `scale` is the reduced length over the original one. */
export function reduceSteps(steps: readonly Step[], scale: number): Step[] {
  if (scale >= 1) return [...steps];
  return steps.map(({ operation: name, params }) => {
    const operation = findOperation(name);
    const { properties = {} } = z.toJSONSchema(operation.params, { io: 'input' }) as {
      properties?: Record<string, ParamSchema>;
    };
    const reduced = Object.fromEntries(
      Object.entries(params).map(([param, value]) => [param, reduce(value, properties[param] ?? {}, scale)]),
    );
    try {
      return { operation: name, params: parseParams(operation, reduced) };
    } catch {
      // A relation between parameters does not hold for the smaller ones.
      return { operation: name, params };
    }
  });
}

function reduce(value: unknown, schema: ParamSchema, scale: number): unknown {
  const power = { px: 1, 'px²': 2 }[schema.unit ?? ''];
  if (power === undefined || schema.enum) return value;
  if (typeof value === 'object') return reducePlaces(value, schema, scale);
  if (typeof value !== 'number') return value;
  const numeric = schema.anyOf?.find(({ minimum }) => minimum !== undefined) ?? schema;
  const reduced = reduceLength(value, numeric, scale ** power);
  // Kernel sizes that were odd have to stay so.
  return numeric.type === 'integer' && value % 2 === 1 && reduced % 2 === 0 ? Math.min(value, reduced + 1) : reduced;
}

/** Points and shapes: lengths in lists and objects, all in the unit of the parameter. */
function reducePlaces(value: unknown, schema: ParamSchema, scale: number): unknown {
  const { items, prefixItems, properties } = schema;
  if (Array.isArray(value)) return value.map((item, i) => reducePlaces(item, prefixItems?.[i] ?? items ?? {}, scale));
  if (typeof value === 'number') return reduceLength(value, schema, scale);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, reducePlaces(item, properties?.[name] ?? {}, scale)]),
  );
}

function reduceLength(
  length: number,
  { type, minimum = Number.NEGATIVE_INFINITY }: ParamSchema,
  scale: number,
): number {
  const reduced = type === 'integer' ? Math.round(length * scale) : length * scale;
  return Math.max(minimum, reduced);
}
