/** Gives lengths, areas and positions in the unit of the pixel size too: all measurements whose declaration says `px` or `px²`. */
import { z } from 'zod';
import { type FilePixelSize, type PixelSize, pixelSizeSchema } from '../pixel-size.ts';

/** The parameter of all operations that measure lengths, areas or positions. */
export const pixelSizeParam = { pixelSize: pixelSizeSchema.optional() };

type GivenSize = PixelSize & Partial<Pick<FilePixelSize, 'from'>>;

/** Whether there is a length, an area or a position among the measurements. */
export function hasLengths(measures: z.ZodType): boolean {
  const schema = bare(measures);
  if (schema instanceof z.ZodObject) return partsOf(schema).some(([, part]) => hasLengths(part));
  if (schema instanceof z.ZodArray) return hasLengths(schema.element as z.ZodType);
  return dimensionOf(measures) !== undefined;
}

/** The schema of the measurements that are lengths, areas or positions, under the same names; undefined where there are none. */
function physicalSchema(measures: z.ZodType): z.ZodType | undefined {
  const schema = bare(measures);
  if (schema instanceof z.ZodObject) {
    const entries = partsOf(schema).flatMap(([name, part]) => {
      const physical = physicalSchema(part);
      return physical ? [[name, physical.nullable().optional()] as const] : [];
    });
    return entries.length > 0 ? z.object(Object.fromEntries(entries)) : undefined;
  }
  if (schema instanceof z.ZodArray) {
    const element = physicalSchema(schema.element as z.ZodType);
    return element && z.array(element);
  }
  return dimensionOf(measures) && z.number();
}

/** The measurements of an operation with `pixelSize`, and `physical` for each thing of their lists and for all that stands in none. */
export function withPhysicalSchema(measures: z.ZodObject): z.ZodObject {
  const lists = partsOf(measures).filter(([, part]) => isListOfLengths(part));
  const others = z.object(Object.fromEntries(partsOf(measures).filter(([, part]) => !isListOfLengths(part))));
  return measures.extend({
    ...Object.fromEntries(lists.map(([name, part]) => [name, withPhysicalElements(part)])),
    pixelSize: z
      .object({
        x: z.number().describe('width of a pixel'),
        y: z.number().describe('height of a pixel').optional(),
        unit: z.string().describe('unit of `physical`'),
        from: z.string().optional().describe('what in the file says it; absent if the request does'),
      })
      .optional()
      .describe('size of a pixel, where the request or the file says it'),
    ...(hasLengths(others) && { physical: physicalObject(others).optional() }),
  });
}

function withPhysicalElements(list: z.ZodType): z.ZodType {
  const { element } = bare(list) as z.ZodArray<z.ZodObject>;
  const extended = z.array(element.extend({ physical: physicalObject(element).optional() }));
  const described = list.description === undefined ? extended : extended.describe(list.description);
  return list instanceof z.ZodOptional
    ? described.optional()
    : list instanceof z.ZodNullable
      ? described.nullable()
      : described;
}

function physicalObject(measures: z.ZodType): z.ZodObject {
  return (physicalSchema(measures) as z.ZodObject)
    .extend({ unit: z.string().describe('that of `pixelSize`') })
    .describe('lengths, areas and positions in the unit of `pixelSize`, under the same names');
}

/**
 * Measurements with those in the unit of the pixel size. Lengths along no axis are taken at the mean size of a pixel: exact where pixels
 * are square.
 */
export function withPhysical(
  measures: z.ZodObject,
  measured: Record<string, unknown>,
  pixelSize: GivenSize,
): Record<string, unknown> {
  const { unit } = pixelSize;
  const physical: Record<string, unknown> = {};
  const given: Record<string, unknown> = { ...measured, pixelSize };
  for (const [name, part] of partsOf(measures)) {
    const value = measured[name];
    if (value === undefined) continue;
    if (isListOfLengths(part)) {
      const { element } = bare(part) as z.ZodArray<z.ZodObject>;
      const withUnit = (thing: object) => ({
        ...thing,
        physical: { unit, ...(inUnit(element, thing, pixelSize, '') as object) },
      });
      given[name] = value && (value as object[]).map(withUnit);
    } else {
      const inner = inUnit(part, value, pixelSize, name);
      if (inner !== undefined) physical[name] = inner;
    }
  }
  return Object.keys(physical).length > 0 ? { ...given, physical: { unit, ...physical } } : given;
}

/** Of things, not of plain numbers. */
function isListOfLengths(part: z.ZodType): boolean {
  const list = bare(part);
  return list instanceof z.ZodArray && bare(list.element as z.ZodType) instanceof z.ZodObject && hasLengths(list);
}

function partsOf(schema: z.ZodObject): [string, z.ZodType][] {
  return Object.entries(schema.shape as Record<string, z.ZodType>);
}

function inUnit(measures: z.ZodType, value: unknown, size: PixelSize, name: string): unknown {
  if (value === null || value === undefined) return value;
  const schema = bare(measures);
  if (schema instanceof z.ZodObject) {
    const entries = partsOf(schema).flatMap(([key, part]) => {
      const inner = inUnit(part, (value as Record<string, unknown>)[key], size, key);
      return inner === undefined ? [] : [[key, inner] as const];
    });
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }
  if (schema instanceof z.ZodArray) {
    if (!hasLengths(schema)) return undefined;
    return (value as unknown[]).map((element) => inUnit(schema.element as z.ZodType, element, size, name));
  }
  const dimension = dimensionOf(measures);
  return dimension && (value as number) * factorOf(size, name, dimension);
}

function factorOf({ x, y = x }: PixelSize, name: string, dimension: 'px' | 'px²'): number {
  if (dimension === 'px²') return x * y;
  if (name === 'x' || name === 'width') return x;
  return name === 'y' || name === 'height' ? y : Math.sqrt(x * y);
}

/** What is optional or nullable, without that. */
function bare(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? bare(schema.unwrap() as z.ZodType)
    : schema;
}

function dimensionOf(schema: z.ZodType): 'px' | 'px²' | undefined {
  const unit = schema.meta()?.unit ?? bare(schema).meta()?.unit;
  return unit === 'px' || unit === 'px²' ? unit : undefined;
}
