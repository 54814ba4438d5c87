/** Form, query and JSON say the same in their own ways. */
import fc from 'fast-check';
import { z } from 'zod';
import { createTask } from '../../lib/http/calls/tasks.ts';
import { type Fields, workFrom, workFromJson } from '../../lib/http/fields.ts';
import { presets } from '../../lib/imaging/presets.ts';
import { resultKindOf } from '../../lib/imaging/steps.ts';
import { operations } from '../../lib/operations/registry.ts';
import { Problem } from '../../lib/problems.ts';

/** The work that a JSON body asks for, read as the call reads it. */
function fromJson(body: object) {
  const read = createTask.json?.schema.parse({ image: 'a.png', ...body }) as Parameters<typeof workFromJson>[0];
  return workFromJson(read);
}

/** That of text fields, without what only they have. */
function fromFields(fields: Fields) {
  const { steps, output, page } = workFrom(fields);
  return { steps, output, page };
}

function refusal(fields: Fields): Record<string, unknown> {
  try {
    workFrom(fields);
  } catch (error) {
    if (error instanceof Problem) return error.details;
    throw error;
  }
  throw new Error('Not refused.');
}

interface Property {
  type?: string;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  pattern?: string;
}

/** Values of a parameter that has a single one; those of others are left to their defaults. */
function valuesOf({ type, enum: choices, minimum = 0, maximum = 1, pattern }: Property): fc.Arbitrary<unknown> | null {
  if (choices) return fc.constantFrom(...choices);
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer') return fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31) });
  if (type === 'number')
    return fc.double({ min: minimum, max: maximum, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value));
  if (pattern?.includes('#'))
    return fc.integer({ min: 0, max: 0xffffff }).map((rgb) => `#${rgb.toString(16).padStart(6, '0')}`);
  return null;
}

/** Those that need no parameter: of the others, none has a single value for what it needs. */
const usable = [...operations.values()].filter(({ params }) => params.safeParse({}).success);

const step = fc.constantFrom(...usable).chain(({ name, params }) => {
  const { properties = {} } = z.toJSONSchema(params, { io: 'input' }) as { properties?: Record<string, Property> };
  const values = Object.entries(properties).flatMap(([key, property]) => {
    const arbitrary = valuesOf(property);
    return arbitrary ? [[key, arbitrary] as const] : [];
  });
  return fc
    .record(Object.fromEntries(values), { requiredKeys: [] })
    .filter((given) => params.safeParse(given).success)
    .map((given) => ({ operation: name, params: given as Record<string, unknown> }));
});

const output = fc.record(
  {
    format: fc.constantFrom('png', 'jpeg', 'webp'),
    quality: fc.integer({ min: 1, max: 100 }),
    width: fc.integer({ min: 1, max: 20_000 }),
  },
  { requiredKeys: [] },
);
const page = fc.integer({ min: 1, max: 100_000 });

test('one operation is the same work as fields, as a JSON field, as steps and in a JSON body', () => {
  fc.assert(
    fc.property(step, output, page, ({ operation, params }, output, page) => {
      // Labels may not be written in a lossy format.
      fc.pre(resultKindOf([{ operation, params }]) !== 'labels' || [undefined, 'png'].includes(output.format));
      const work = fromJson({ operation, params, output, page });
      const rest: Fields = [
        ['output', JSON.stringify(output)],
        ['page', String(page)],
      ];
      const scalars = Object.entries(params).map(([name, value]) => [name, String(value)] as const);
      expect(fromFields([['operation', operation], ...scalars, ...rest])).toEqual(work);
      expect(fromFields([...rest, ['params', JSON.stringify(params)], ['operation', operation]])).toEqual(work);
      expect(fromFields([['steps', JSON.stringify([{ operation, params }])], ...rest])).toEqual(work);
      expect(fromJson({ steps: [{ operation, params }], output, page })).toEqual(work);
    }),
  );
});

test('several steps are the same work as a JSON field and in a JSON body', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 16 }), (steps) => {
      expect(fromFields([['steps', JSON.stringify(steps, null, 1)]])).toEqual(fromJson({ steps }));
    }),
  );
});

test.each([...presets.keys()])('the preset %s is the same work as a field and in a JSON body', (preset) => {
  fc.assert(
    fc.property(output, (output) => {
      const work = fromJson({ preset, output });
      expect(
        fromFields([
          ['preset', preset],
          ['output', JSON.stringify(output)],
        ]),
      ).toEqual(work);
      expect(work.output).toMatchObject(output);
    }),
    { numRuns: 10 },
  );
});

const canny = ['operation', 'canny'] as const;

test.each<[what: string, fields: Fields, type: string, field: string]>([
  ['nothing', [], 'missing-operation', 'operation'],
  ['an empty list of steps', [['steps', '[]']], 'missing-operation', 'steps'],
  ['two operations', [canny, ['operation', 'invert']], 'conflicting-operations', 'operation'],
  ['an operation and steps', [canny, ['steps', '[]']], 'conflicting-operations', 'operation'],
  ['a preset and an operation', [['preset', 'thumbnail'], canny], 'conflicting-operations', 'operation'],
  [
    'a preset and a parameter',
    [
      ['preset', 'thumbnail'],
      ['blur', '1'],
    ],
    'conflicting-operations',
    'blur',
  ],
  [
    'steps and a parameter',
    [
      ['steps', '[{"operation":"canny"}]'],
      ['blur', '1'],
    ],
    'invalid-parameter',
    'blur',
  ],
  [
    'steps and params',
    [
      ['steps', '[{"operation":"canny"}]'],
      ['params', '{}'],
    ],
    'invalid-parameter',
    'params',
  ],
  ['an operation that there is not', [['operation', 'toString']], 'unknown-operation', 'operation'],
  ['a preset that there is not', [['preset', '__proto__']], 'unknown-preset', 'preset'],
  ['a parameter twice', [canny, ['blur', '1'], ['blur', '1']], 'invalid-parameter', 'blur'],
  ['a parameter that there is not', [canny, ['__proto__', '1']], 'invalid-parameter', '__proto__'],
  ['a parameter out of range', [canny, ['blur', '1e9']], 'invalid-parameter', 'blur'],
  ['a number with a unit', [canny, ['blur', '1px']], 'invalid-parameter', 'blur'],
  ['params that are a list', [canny, ['params', '[]']], 'invalid-parameter', 'params'],
  ['params that are no JSON', [canny, ['params', '{blur:1}']], 'invalid-parameter', 'params'],
  ['a name twice in params', [canny, ['params', '{"blur":1,"blur":2}']], 'invalid-parameter', 'params.blur'],
  [
    'a name twice in steps',
    [['steps', '[{"operation":"canny","params":{"blur":1,"blur":2}}]']],
    'invalid-parameter',
    'steps[0].params.blur',
  ],
  ['a prototype in params', [canny, ['params', '{"__proto__":{"blur":1}}']], 'invalid-parameter', 'params.__proto__'],
  ['steps that are nested too deep', [['steps', '['.repeat(100_000)]], 'invalid-parameter', 'steps'],
  ['a stray field of a step', [['steps', '[{"operation":"canny","blur":1}]']], 'invalid-parameter', 'steps[0].blur'],
  ['17 steps', [['steps', JSON.stringify(Array(17).fill({ operation: 'invert' }))]], 'invalid-parameter', 'steps'],
  ['page 0', [canny, ['page', '0']], 'invalid-parameter', 'page'],
  ['half a page', [canny, ['page', '1.5']], 'invalid-parameter', 'page'],
  ['a page too far', [canny, ['page', '100001']], 'invalid-parameter', 'page'],
  ['two pages', [canny, ['page', '1'], ['page', '2']], 'invalid-parameter', 'page'],
  ['a cache that is neither true nor false', [canny, ['cache', '1']], 'invalid-parameter', 'cache'],
  ['two outputs', [canny, ['output', '{}'], ['output', '{}']], 'invalid-parameter', 'output'],
  ['an option of the output that there is not', [canny, ['output', '{"size":1}']], 'invalid-parameter', 'output.size'],
  ['an output out of range', [canny, ['output', '{"quality":0}']], 'invalid-parameter', 'output.quality'],
])('%s is refused', (_, fields, type, field) => {
  expect(refusal(fields)).toMatchObject({ type: `urn:tessera:problem:${type}`, field });
});

test.each<[Fields, object]>([
  [[canny, ['name', 'a.png'], ['code', 'key']], { cache: true, page: 1, output: {} }],
  [
    [canny, ['cache', 'false'], ['callbackUrl', 'https://a.example']],
    { cache: false, callbackUrl: 'https://a.example' },
  ],
  [
    [
      ['preset', 'thumbnail'],
      ['cache', 'false'],
    ],
    { cache: false },
  ],
  [
    [canny, ['params', '{"blur":1}'], ['blur', '2']],
    { steps: [{ operation: 'canny', params: expect.objectContaining({ blur: 2 }) }] },
  ],
])('%j', (fields, work) => {
  expect(workFrom(fields)).toMatchObject(work);
});

test('no text makes anything but work or a problem', () => {
  const name = fc.constantFrom(
    'operation',
    'params',
    'steps',
    'preset',
    'output',
    'page',
    'cache',
    'blur',
    '__proto__',
    'constructor',
  );
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.constantFrom('canny', 'thumbnail', '1', 'true', '{}', '[]', '[{}]'),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), (fields) => {
      try {
        expect(workFrom(fields).steps.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(Problem);
        expect((error as Problem).details.field).toEqual(expect.any(String));
      }
    }),
    { numRuns: 1000 },
  );
});

test('labels in a lossy format are refused, with the field named', () => {
  const wanted = { operation: 'watershed', params: { output: 'labels' }, output: { format: 'jpeg' }, page: 1 };
  expect(() => workFromJson(wanted)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ field: 'output.format' }) }),
  );
});
