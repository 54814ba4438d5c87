/** JSON as it arrives: read as JSON.parse reads it, refused as soon as it is too much. */

import fc from 'fast-check';
import { createJob } from '../../lib/http/calls/jobs.ts';
import { JsonReader } from '../../lib/http/json-reader.ts';
import { maxJobImages, maxNameCharacters, maxSteps } from '../../lib/limits.ts';
import { Problem } from '../../lib/problems.ts';

const fits = 1000;

function read(bytes: Uint8Array, chunkBytes = 7, maxValues = fits): unknown {
  const reader = new JsonReader(maxValues);
  for (let i = 0; i < bytes.length; i += chunkBytes) reader.write(bytes.subarray(i, i + chunkBytes));
  return reader.end();
}

/** The problem of a text that must be refused. */
function refusal(text: string | Buffer, maxValues = fits): Record<string, unknown> {
  try {
    read(Buffer.from(text as string), 7, maxValues);
  } catch (error) {
    if (error instanceof Problem) return error.details;
    throw error;
  }
  throw new Error(`Not refused: ${text}`);
}

const value = fc.jsonValue({ maxDepth: 6, noUnicodeString: false });

test('every value is read as JSON.parse reads it, however its bytes are cut', () => {
  fc.assert(
    fc.property(value, fc.integer({ min: 1, max: 50 }), fc.constantFrom(0, 2), (given, chunkBytes, indent) => {
      const text = JSON.stringify(given, null, indent);
      fc.pre(text.isWellFormed() && !/"__proto__":|\\ud[89a-f]/i.test(text));
      expect(read(Buffer.from(text), chunkBytes)).toEqual(JSON.parse(text));
    }),
  );
});

test('a text with a character changed is refused where JSON.parse refuses it', () => {
  fc.assert(
    fc.property(value, fc.nat(), fc.constantFrom(...'[]{}",:\\0-e.tn '), (given, at, character) => {
      const text = JSON.stringify(given);
      const changed = text.slice(0, at % text.length) + character + text.slice((at % text.length) + 1);
      fc.pre(changed.isWellFormed());
      let valid = true;
      try {
        JSON.parse(changed);
      } catch {
        valid = false;
      }
      if (!valid) expect(refusal(changed).type).toMatch(/malformed-request$|invalid-parameter$/);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['{"a":1,"a":2}', 'a'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{"steps":[{},{"params":{"blur":1,"x":{"blur":1},"blur":2}}]}', 'steps[1].params.blur'],
  ['[[1],{"a":[],"b":{},"a":0}]', '[1].a'],
])('a name that comes twice is named: %s', (text, field) => {
  expect(refusal(text)).toMatchObject({ field, detail: `${field.replace(/^\./, '')} is specified more than once.` });
});

test.each([
  ['{"name":"\\ud83d"}', 'name'],
  ['{"images":["a","b\\ude00"]}', 'images[1]'],
  ['"\\ud83d"', 'body'],
  ['{"\\ud83d":1}', '\ufffd'],
  ['{"params":{"__proto__":{}}}', 'params.__proto__'],
])('what no text may hold is refused: %s', (text, field) => {
  expect(refusal(text)).toMatchObject({ type: 'urn:tessera:problem:invalid-parameter', field });
});

test.each([
  ['', 'The body is empty.'],
  ['[1,]', 'The body is not valid JSON: Unexpected RIGHT_BRACKET ("]").'],
  ['{"a":1}//', 'The body is not valid JSON: Unexpected "/" at byte 7.'],
  ['{"a":', 'The body is not valid JSON: it ends too early.'],
  [Buffer.from([0x22, 0xff, 0x22]), 'The body is not UTF-8.'],
  [Buffer.from([0x22, 0xc3]), 'The body is not UTF-8.'],
  ['['.repeat(33), 'The JSON is nested more than 32 deep.'],
])('%j is malformed', (text, detail) => {
  expect(refusal(text)).toMatchObject({ type: 'urn:tessera:problem:malformed-request', detail });
});

test('what has more values than there may be is refused before its end comes', () => {
  const reader = new JsonReader(10);
  expect(() => reader.write(Buffer.from(`[${'{},'.repeat(20)}`))).toThrow('more than 10 values');
  expect(read(Buffer.from(JSON.stringify(Array(9).fill({ a: 1 }).slice(0, 4))), 7, 10)).toHaveLength(4);
  expect(refusal(JSON.stringify(Array(10).fill(0)), 10)).toMatchObject({ limit: 10, status: 413 });
});

test('the longest list of images that a job may have is taken', () => {
  const { schema, maxBytes, maxValues } = createJob.json as NonNullable<typeof createJob.json>;
  const images = Array.from({ length: maxJobImages }, (_, i) =>
    String(i).padStart(6, '0').padEnd(maxNameCharacters, 'x'),
  );
  const kernel = { operation: 'custom-kernel', params: { kernel: Array(31).fill(Array(31).fill(-1 / 3)) } };
  const body = Buffer.from(JSON.stringify({ images, steps: Array(maxSteps).fill(kernel) }));
  expect(body.length).toBeLessThanOrEqual(maxBytes);
  expect(schema.parse(read(body, 65_536, maxValues))).toMatchObject({ images: { length: maxJobImages } });
});
