/** Every measurement is declared, with what it is measured in; what is a length, an area or a place is there in the unit of the pixel size too. */
import { z } from 'zod';
import { operations } from '../../lib/operations/registry.ts';
import type { Operation } from '../../lib/vision/declaration/operation.ts';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';

const all = [...operations.values()];

/** Those that are a picture of the image, and measure nothing. */
const measured = all.filter(({ measures }) => measures !== undefined);

/** Numbers that name things, a matrix, and what is given. */
const plain = new Set(['id', 'homography', 'pixelSize']);

/** What no unit is said of. */
function* withoutUnit(schema: z.ZodType, path: string): Generator<[path: string, leaf: z.ZodType]> {
  if (schema.meta()?.unit !== undefined) return;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    yield* withoutUnit(schema.unwrap() as z.ZodType, path);
  else if (schema instanceof z.ZodArray) yield* withoutUnit(schema.element as z.ZodType, path);
  else if (schema instanceof z.ZodRecord) yield* withoutUnit(schema.valueType as z.ZodType, path);
  else if (schema instanceof z.ZodObject)
    for (const [name, part] of Object.entries(schema.shape as Record<string, z.ZodType>)) {
      if (name === 'physical' || plain.has(name)) continue;
      yield* withoutUnit(part, path === '' ? name : `${path}.${name}`);
    }
  else yield [path, schema];
}

test.each(measured.map(({ name }) => name))('%s says of each number what it is measured in', (name) => {
  const { measures } = operations.get(name) as Operation & { measures: z.ZodObject };
  const without = [...withoutUnit(measures, '')].filter(([, leaf]) => leaf instanceof z.ZodNumber);
  expect(without.map(([path]) => path)).toEqual([]);
});

/** The names under which places with a size stand. */
function* namesOfBoxes(schema: z.ZodType, name: string): Generator<string> {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    yield* namesOfBoxes(schema.unwrap() as z.ZodType, name);
  else if (schema instanceof z.ZodArray) yield* namesOfBoxes(schema.element as z.ZodType, name);
  else if (schema instanceof z.ZodObject) {
    if ('width' in schema.shape) yield name;
    for (const [key, part] of Object.entries(schema.shape as Record<string, z.ZodType>))
      if (key !== 'physical') yield* namesOfBoxes(part, key);
  }
}

test('boxes are called so in all operations', () => {
  const names = measured.flatMap(({ measures }) => [...namesOfBoxes(measures as z.ZodObject, '')]);
  expect([...new Set(names)].toSorted()).toEqual(['box', 'boxes']);
});

/** The same schema without any room for what is not declared. */
function strict(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional) return strict(schema.unwrap() as z.ZodType).optional();
  if (schema instanceof z.ZodNullable) return strict(schema.unwrap() as z.ZodType).nullable();
  if (schema instanceof z.ZodArray) return z.array(strict(schema.element as z.ZodType));
  if (schema instanceof z.ZodObject)
    return z.strictObject(
      Object.fromEntries(
        Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, part]) => [name, strict(part)]),
      ),
    );
  return schema;
}

const params: Record<string, object> = {
  perspective: {
    corners: [
      [0, 0],
      [300, 0],
      [300, 200],
      [0, 200],
    ],
  },
  redact: { areas: [{ left: 10, top: 20, width: 30, height: 40 }] },
  resize: { width: 100 },
};
const images: Record<string, string> = { 'stain-unmixing': 'coffee.png', 'qr-code': 'qr.png' };

test.each(all.filter(({ inputs }) => inputs.length === 1).map(({ name }) => name))(
  '%s measures what it declares, and nothing else',
  async (name) => {
    const { measures } = operations.get(name) as Operation;
    const given = (await run(name, images[name] ?? 'astronaut.png', params[name])).measured;
    expect(strict(measures ?? z.object({})).safeParse(given).error?.issues).toBeUndefined();
  },
);

const pixelSize = { x: 0.5, y: 0.25, unit: 'µm' };

test('things in lists have their places and lengths in the unit, along each axis by its own', async () => {
  const { circles, ...rest } = (await run('hough-circles', 'coins.png', { pixelSize })).measured;
  expect(rest.pixelSize).toEqual(pixelSize);
  expect(circles.length).toBeGreaterThan(5);
  for (const { center, radius, physical } of circles) {
    expect(physical.unit).toBe('µm');
    expect(physical.center).toEqual({ x: center.x * 0.5, y: center.y * 0.25 });
    expect(physical.radius).toBeCloseTo(radius * Math.sqrt(0.5 * 0.25), 9);
  }
});

test('what stands in no list is there in the unit beside the other measurements', async () => {
  const { maxDistance, physical } = (await run('distance-transform', 'coins.png', { pixelSize: { x: 2, unit: 'mm' } }))
    .measured;
  expect(physical).toMatchObject({ unit: 'mm', maxDistance: 2 * maxDistance });
  const { box, physical: cropped } = (await run('auto-crop', 'box.png', { pixelSize })).measured;
  expect(cropped.box).toEqual({
    x: box.x * 0.5,
    y: box.y * 0.25,
    width: box.width * 0.5,
    height: box.height * 0.25,
  });
});

test('the size that the file says is used, where the request names none', async () => {
  const { dicomFile } = await import('../harness/dicom.ts');
  const file = await dicomFile({
    width: 64,
    height: 64,
    samples: Uint16Array.from({ length: 4096 }, (_, i) => (Math.hypot((i % 64) - 32, (i >> 6) - 32) < 12 ? 3000 : 500)),
    elements: { PixelSpacing: [0.25, 0.5] },
  });
  const { pixelSize, spots } = (await run('spots', file, { minDiameter: 15, maxDiameter: 40 })).measured;
  expect(pixelSize).toMatchObject({ x: 0.5, y: 0.25, unit: 'mm', from: 'DICOM PixelSpacing' });
  expect(spots[0].physical.x).toBeCloseTo(spots[0].x * 0.5, 9);
});

test('without a size there is nothing in units', async () => {
  const { measured: given } = await run('corners', fixture('box.png'));
  expect(given.corners[0]).not.toHaveProperty('physical');
  expect(given).not.toHaveProperty('pixelSize');
});
