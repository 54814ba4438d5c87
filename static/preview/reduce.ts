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
  if (Array.isArray(value)) return value.map((item) => reduce(item, schema, scale));
  if (typeof value !== 'number') return value;
  const numeric = schema.anyOf?.find(({ minimum }) => minimum !== undefined) ?? schema;
  const { minimum = Number.NEGATIVE_INFINITY, type } = numeric;
  let reduced = value * scale ** power;
  if (type === 'integer') reduced = Math.round(reduced);
  // Kernel sizes that were odd have to stay so.
  if (type === 'integer' && value % 2 === 1 && reduced % 2 === 0) reduced += 1;
  return Math.max(minimum, Math.min(value, reduced));
}
