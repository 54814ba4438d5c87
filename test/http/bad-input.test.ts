/** Whatever is wrong with a request gets a clear problem, is never retried and leaves nothing behind. */
import { Client, type TaskRequest } from '../harness/client.ts';
import { pngBomb, svg, text } from '../harness/files.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { contents } from '../harness/storage.ts';

let runner: Runner;
let client: Client;
beforeAll(async () => {
  runner = await Runner.start({ env: { MAX_IMAGE_MEGABYTES: '1' } });
  client = new Client(runner);
});
afterAll(() => runner.stop());

const image = fixture('coins.png');
const canny = { operation: 'canny' };
const withParams = (params: object, operation = 'canny'): TaskRequest => ({ image, fields: { operation, params } });

const refused: [what: string, request: TaskRequest, status: number, type: string, field: string | null][] = [
  ['no image', { fields: canny }, 400, 'missing-image', 'image'],
  ['no operation', { image }, 400, 'missing-operation', 'operation'],
  [
    'two ways to name operations',
    { image, fields: { ...canny, steps: [canny] } },
    400,
    'conflicting-operations',
    'operation',
  ],
  ['an unknown operation', { image, fields: { operation: 'sharpnado' } }, 400, 'unknown-operation', 'operation'],
  [
    'an operation named as in JavaScript',
    { image, fields: { operation: '__proto__' } },
    400,
    'unknown-operation',
    'operation',
  ],
  ['a parameter of the wrong type', withParams({ lowThreshold: 'low' }), 400, 'invalid-parameter', 'lowThreshold'],
  ['a parameter out of range', withParams({ highThreshold: -1 }), 400, 'invalid-parameter', 'highThreshold'],
  ['an even kernel', withParams({ kernelSize: 4 }, 'median-blur'), 400, 'invalid-parameter', 'kernelSize'],
  ['thresholds the wrong way round', withParams({ lowThreshold: 300 }), 400, 'invalid-parameter', 'lowThreshold'],
  ['an unknown parameter', withParams({ treshold: 1 }), 400, 'invalid-parameter', 'treshold'],
  ['params that are a list', { image, fields: { ...canny, params: '[]' } }, 400, 'invalid-parameter', 'params'],
  ['params that are no JSON', { image, fields: { ...canny, params: '{' } }, 400, 'invalid-parameter', 'params'],
  ['steps that are no list', { image, fields: { steps: '{}' } }, 400, 'invalid-parameter', 'steps'],
  ['no step', { image, fields: { steps: '[]' } }, 400, 'missing-operation', 'steps'],
  ['17 steps', { image, fields: { steps: Array(17).fill(canny) } }, 400, 'invalid-parameter', 'steps'],
  [
    'a bad parameter in the second step',
    { image, fields: { steps: [canny, { operation: 'canny', params: { apertureSize: 4 } }] } },
    400,
    'invalid-parameter',
    'steps[1].params.apertureSize',
  ],
  [
    'a typing error in a step',
    { image, fields: { steps: [{ ...canny, parms: {} }] } },
    400,
    'invalid-parameter',
    'steps[0].parms',
  ],
  ['an unknown preset', { image, fields: { preset: 'magic' } }, 400, 'unknown-preset', 'preset'],
  [
    'a preset and an operation',
    { image, fields: { ...canny, preset: 'thumbnail' } },
    400,
    'conflicting-operations',
    'operation',
  ],
  [
    'an output format that is not written',
    { image, fields: { ...canny, output: { format: 'gif' } } },
    400,
    'invalid-parameter',
    'output.format',
  ],
  [
    'a typing error in the output',
    { image, fields: { ...canny, output: { qualty: 5 } } },
    400,
    'invalid-parameter',
    'output.qualty',
  ],
  ['a page that is no number', { image, fields: { ...canny, page: 'last' } }, 400, 'invalid-parameter', 'page'],
  ['an empty file', { image: Buffer.alloc(0), fields: canny }, 400, 'empty-image', 'image'],
  ['text named .png', { image: text, name: 'photo.png', fields: canny }, 415, 'unsupported-image', null],
  ['SVG', { image: svg, name: 'drawing.svg', fields: canny }, 415, 'unsupported-image', null],
  ['a PNG bomb', { image: pngBomb(30_000, 30_000), fields: canny }, 422, 'too-many-pixels', null],
  [
    'a file over the limit',
    { image: Buffer.alloc(2 ** 20 + 1, image), fields: canny },
    413,
    'image-too-large',
    'image',
  ],
  [
    'a file far over the limit',
    { image: Buffer.alloc(30 * 2 ** 20, image), fields: canny },
    413,
    'image-too-large',
    'image',
  ],
  ['one image to be compared', withParams({}, 'feature-matching'), 400, 'missing-reference', 'reference'],
  [
    'two images and nothing to compare',
    { ...withParams({}), reference: image },
    400,
    'unexpected-reference',
    'reference',
  ],
];

test.each(refused)('%s', async (_, request, status, type, field) => {
  const before = await contents(runner);
  await expectProblem(await client.post(request), status, type, field);
  expect(await contents(runner)).toEqual(before);
});

const raw: [what: string, path: string, init: RequestInit, status: number, type: string, field: string | null][] = [
  [
    'two operations in the query',
    '?operation=canny&operation=watershed',
    { body: image },
    400,
    'conflicting-operations',
    'operation',
  ],
  ['a parameter twice', '?operation=canny&blur=1&blur=2', { body: image }, 400, 'invalid-parameter', 'blur'],
  [
    'a parameter that is no number',
    '?operation=canny&lowThreshold=ten',
    { body: image },
    400,
    'invalid-parameter',
    'lowThreshold',
  ],
  ['no body', '?operation=canny', {}, 400, 'empty-image', 'image'],
  [
    'a body of text',
    '?operation=canny',
    { body: '{}', headers: { 'Content-Type': 'text/plain' } },
    415,
    'unsupported-media-type',
    null,
  ],
  [
    'multipart without a boundary',
    '',
    { body: 'x', headers: { 'Content-Type': 'multipart/form-data' } },
    400,
    'malformed-request',
    null,
  ],
  [
    'multipart cut off',
    '?operation=canny',
    {
      body: '--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n\x89PNG',
      headers: { 'Content-Type': 'multipart/form-data; boundary=b' },
    },
    400,
    'malformed-request',
    null,
  ],
];

test.each(raw)('raw body: %s', async (_, query, init, status, type, field) => {
  const before = await contents(runner);
  const headers = { 'Content-Type': 'application/octet-stream', ...init.headers };
  await expectProblem(
    await client.fetch(`/api/tasks${query}`, { method: 'POST', ...init, headers }),
    status,
    type,
    field,
  );
  expect(await contents(runner)).toEqual(before);
});

test.each([
  ['a JPEG cut off in its header', fixture('truncated.jpg')],
  ['a JPEG cut off in its pixels', fixture('fruits.jpg').subarray(0, 40_000)],
  ['a PNG cut off in its pixels', fixture('coffee.png').subarray(0, 200_000)],
  ['a PNG with damaged pixels', damaged(fixture('coins.png'))],
])('%s is accepted, fails at its first attempt and says why', async (_, broken) => {
  const task = await client.run({ image: Buffer.from(broken), name: 'broken', fields: canny });
  expect(task).toMatchObject({
    state: 'Failed',
    attempts: 1,
    result: null,
    error: { type: 'urn:tessera:problem:corrupt-image' },
  });
  expect((await client.fetch(`/api/tasks/${task.id}/result`)).status).toBe(409);
});

function damaged(file: Buffer): Buffer {
  const copy = Buffer.from(file);
  const middle = file.length >> 1;
  copy.fill(0x55, middle, middle + 400);
  return copy;
}

test.each(['0', 'not-an-id', '0123456789abcdefghjkmnpqrs-0', '%2e%2e%2f', `${'a'.repeat(300)}`])(
  'task %s is unknown, as are its result and input',
  async (id) => {
    for (const path of ['', '/result', '/input']) {
      await expectProblem(await client.fetch(`/api/tasks/${id}${path}`), 404, 'task-not-found');
    }
  },
);

test.each(['-1', '61', 'soon', ''])('wait=%s is refused', async (wait) => {
  const { id } = await client.run({ image, fields: canny });
  await expectProblem(await client.fetch(`/api/tasks/${id}?wait=${wait}`), 400, 'invalid-parameter', 'wait');
});

async function expectProblem(
  response: Response,
  status: number,
  type: string,
  field: string | null = null,
): Promise<void> {
  const problem = (await response.json()) as { detail: string; field?: string };
  expect({ status: response.status, ...problem }).toMatchObject({ status, type: `urn:tessera:problem:${type}` });
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(problem.detail).toMatch(/\.$/);
  if (field !== null) expect(problem.field).toBe(field);
}
