/** What the schemas of parameters are made of. */
export interface ParamSchema {
  type?: string;
  description?: string;
  default?: unknown;
  unit?: string;
  enum?: (string | number)[];
  const?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  anyOf?: ParamSchema[];
  prefixItems?: ParamSchema[];
  items?: ParamSchema;
  properties?: Record<string, ParamSchema>;
}

/** How a parameter is asked for. */
export type Control =
  | { kind: 'switch' }
  | { kind: 'choice'; options: (string | number)[] }
  | { kind: 'number'; numeric: ParamSchema }
  /** A number, or a word in its place. */
  | { kind: 'automatic'; word: string; numeric: ParamSchema }
  | { kind: 'color' }
  | { kind: 'numbers'; items: ParamSchema[] }
  /** A list of shapes, drawn on the picture. */
  | { kind: 'shapes'; shape: 'stroke' | 'rectangle' }
  /** The length of a pixel, in a unit. */
  | { kind: 'pixel-size' }
  | { kind: 'json' };

export function controlOf(schema: ParamSchema): Control {
  if (schema.enum) return { kind: 'choice', options: schema.enum };
  if (schema.anyOf) {
    const word = schema.anyOf.find(({ const: text }) => typeof text === 'string')?.const;
    const numeric = schema.anyOf.find(({ type }) => type === 'integer' || type === 'number');
    return word !== undefined && numeric ? { kind: 'automatic', word, numeric } : { kind: 'json' };
  }
  if (schema.type === 'boolean') return { kind: 'switch' };
  if (schema.type === 'number' || schema.type === 'integer') return { kind: 'number', numeric: schema };
  if (schema.pattern?.startsWith('^#')) return { kind: 'color' };
  if (schema.prefixItems?.every(({ type }) => type === 'integer' || type === 'number'))
    return { kind: 'numbers', items: schema.prefixItems };
  if (schema.properties?.x && schema.properties.unit) return { kind: 'pixel-size' };
  const fields = schema.items?.properties;
  if (fields && 'radius' in fields) return { kind: 'shapes', shape: 'stroke' };
  if (fields && 'left' in fields) return { kind: 'shapes', shape: 'rectangle' };
  return { kind: 'json' };
}

/** Where the slider ends: the schema's own limit where that is near, else some way past the default. */
export function sliderRange({ minimum = 0, maximum = 100, default: usual, type }: ParamSchema, value: number) {
  const start = typeof usual === 'number' ? usual : value;
  const far = Math.max(100, Math.abs(start) * 5, value);
  const max = maximum - minimum <= 1000 ? maximum : Math.min(maximum, far);
  const min = minimum < -1000 ? -far : minimum;
  const span = max - min;
  const step = type === 'integer' ? 1 : span <= 2 ? 0.01 : span <= 100 ? 0.1 : 1;
  return { min, max, step };
}
