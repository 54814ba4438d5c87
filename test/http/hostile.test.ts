/** Whatever is sent to the API, it is refused with a clear problem and leaves no row, blob or message behind. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { contents } from '../harness/storage.ts';

let runner: Runner;
let client: Client;
let before: Awaited<ReturnType<typeof contents>>;
beforeAll(async () => {
  runner = await Runner.start({ args: ['--only', 'http'], env: { BODY_IDLE_SECONDS: '1' } });
  client = new Client(runner);
  await client.upload({ 'there.png': fixture('box.png') });
  before = await contents(runner);
});
afterAll(async () => {
  expect(await contents(runner)).toEqual(before);
  await runner.stop();
});

interface Hostile {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: RequestInit['body'];
}

async function expectRefused({ method = 'GET', path, headers = {}, body = null }: Hostile): Promise<void> {
  const response = await client.fetch(path, { method, headers, body });
  const answer = await response.text();
  expect([response.status, answer]).toEqual([expect.any(Number), expect.any(String)]);
  if (response.status < 400 || response.status >= 500) throw new Error(`${response.status} ${answer}`);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const { type, title, detail, status } = JSON.parse(answer);
  expect(type).toMatch(/^urn:tessera:problem:[a-z-]+$/);
  expect([title, status]).toEqual([expect.stringMatching(/\w/), response.status]);
  expect(detail).toMatch(/^\S[^\n]{3,1500}\.$/s);
  expect(await contents(runner)).toEqual(before);
}

const json = { 'Content-Type': 'application/json' };

const texts: [what: string, body: string | Buffer<ArrayBuffer>][] = [
  ['nothing', ''],
  ['null', 'null'],
  ['a list', '[]'],
  ['a string', '"there.png"'],
  ['a number', '1'],
  ['true', 'true'],
  ['half an object', '{"image":"there.png",'],
  ['a trailing comma', '{"image":"there.png","operation":"canny",}'],
  ['a comment', '{"image":"there.png","operation":"canny"}//'],
  ['NaN', '{"image":"there.png","operation":"canny","page":NaN}'],
  ['a name twice', '{"image":"there.png","image":"other.png","operation":"canny"}'],
  ['a name twice within', '{"image":"there.png","operation":"canny","params":{"blur":1,"blur":2}}'],
  ['a name twice, written differently', '{"image":"there.png","\\u0069mage":"other.png","operation":"canny"}'],
  ['lists in lists in lists', '['.repeat(200_000)],
  ['objects 40 deep', `{"image":"there.png","operation":"canny","params":${'{"a":'.repeat(40)}1${'}'.repeat(41)}`],
  ['a megabyte too many', `{"image":"there.png","operation":"canny","preset":"${'x'.repeat(1.1e6)}"}`],
  ['no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ['UTF-16', Buffer.from('{"image":"there.png","operation":"canny"}', 'utf16le')],
  ['a prototype', '{"__proto__":{"image":"there.png"},"operation":"canny"}'],
  ['a prototype in the parameters', '{"image":"there.png","operation":"canny","params":{"__proto__":{"blur":1}}}'],
  ['a constructor', '{"constructor":{"prototype":{"image":"there.png"}},"operation":"canny"}'],
];

test.each(texts)('JSON that is %s', async (_, body) => {
  await expectRefused({ method: 'POST', path: '/api/tasks', headers: json, body });
});

const names: [what: string, name: unknown][] = [
  ['a number', 7],
  ['null', null],
  ['a list', ['there.png']],
  ['an object', { blob: 'there.png' }],
  ['empty', ''],
  ['above', '../there.png'],
  ['above in the middle', 'a/../../b.png'],
  ['here', './there.png'],
  ['absolute', '/there.png'],
  ['with an empty part', 'a//there.png'],
  ['with a slash at the end', 'there.png/'],
  ['with backslashes', '..\\there.png'],
  ['with a dot at the end', 'there.'],
  ['with NUL', 'there.png\u0000.jpg'],
  ['with a line break', 'there\r\nx-ms-blob-type: PageBlob'],
  ['with an escape', 'there\u001b[2J.png'],
  ['with half a character', 'there\ud800.png'],
  ['with no character', 'there\ufffe.png'],
  ['with 401 characters', 'a'.repeat(401)],
  ['of 21 parts', Array(21).fill('a').join('/')],
  ['a URL', 'https://example.org/there.png'],
  ['another blob’s, encoded', '%2e%2e%2fanonymous%2fthere.png'],
  ['another container’s', '$root/there.png'],
  ['not there', 'missing.png'],
];

test.each(names)('an image whose name is %s', async (_, image) => {
  const body = JSON.stringify({ image, operation: 'invert' });
  await expectRefused({ method: 'POST', path: '/api/tasks', headers: json, body });
});

test.each(names.slice(0, 22))('a job with an image whose name is %s, and an upload of that name', async (_, name) => {
  const job = JSON.stringify({ images: ['there.png', name], operation: 'invert' });
  if (name !== '%2e%2e%2fanonymous%2fthere.png')
    await expectRefused({ method: 'POST', path: '/api/jobs', headers: json, body: job });
  const files = JSON.stringify({ files: [{ name, contentType: 'image/png', bytes: 1 }] });
  if (name !== '%2e%2e%2fanonymous%2fthere.png')
    await expectRefused({ method: 'POST', path: '/api/uploads', headers: json, body: files });
});

const canny = { image: 'there.png', operation: 'canny' };
const tasks: [what: string, body: object][] = [
  ['steps that are text', { image: 'there.png', steps: 'canny' }],
  ['no step', { image: 'there.png', steps: [] }],
  ['17 steps', { image: 'there.png', steps: Array(17).fill({ operation: 'canny' }) }],
  ['100,000 steps', { image: 'there.png', steps: Array(20_000).fill({ operation: 'canny' }) }],
  ['steps that are numbers', { image: 'there.png', steps: [1, 2] }],
  ['an operation that is a list', { image: 'there.png', operation: ['canny'] }],
  ['an operation of JavaScript', { image: 'there.png', operation: 'constructor' }],
  ['an operation and steps', { ...canny, steps: [{ operation: 'canny' }] }],
  ['an operation and a preset', { ...canny, preset: 'thumbnail' }],
  ['parameters without an operation', { image: 'there.png', params: {}, preset: 'thumbnail' }],
  ['parameters that are a list', { ...canny, params: [] }],
  ['a parameter of text', { ...canny, params: { blur: '1' } }],
  ['a parameter far out', { ...canny, params: { blur: 1e308 } }],
  ['a field of its own', { ...canny, owner: 'root' }],
  ['a blob', { ...canny, blob: 'tasks/x/image' }],
  ['page 0', { ...canny, page: 0 }],
  ['page 1.5', { ...canny, page: 1.5 }],
  ['page "1"', { ...canny, page: '1' }],
  ['page 1e9', { ...canny, page: 1e9 }],
  ['cache "no"', { ...canny, cache: 'no' }],
  ['a callback that is a number', { ...canny, callbackUrl: 1 }],
  ['a callback in JavaScript', { ...canny, callbackUrl: 'javascript:alert(1)' }],
  ['a callback to a file', { ...canny, callbackUrl: 'file:///etc/passwd' }],
  ['an output of text', { ...canny, output: 'png' }],
  ['an output format of its own', { ...canny, output: { format: '../../x' } }],
  ['an output that is huge', { ...canny, output: { width: 1e9 } }],
  ['a reference for nothing', { ...canny, reference: 'there.png' }],
  ['no reference', { image: 'there.png', operation: 'feature-matching' }],
  ['a reference that is not there', { image: 'there.png', operation: 'feature-matching', reference: 'missing.png' }],
];

test.each(tasks)('a task with %s', async (_, body) => {
  await expectRefused({ method: 'POST', path: '/api/tasks', headers: json, body: JSON.stringify(body) });
});

const jobs: [what: string, body: object][] = [
  ['no images', { operation: 'canny' }],
  ['images and a prefix', { images: ['a.png'], prefix: 'a', operation: 'canny' }],
  ['an empty list', { images: [], operation: 'canny' }],
  ['100,001 images', { images: Array(100_001).fill('a.png'), operation: 'canny' }],
  ['images that are text', { images: 'a.png', operation: 'canny' }],
  ['a prefix above', { prefix: '../', operation: 'canny' }],
  ['a prefix with a line break', { prefix: 'a\n', operation: 'canny' }],
  ['a prefix that is absolute', { prefix: '/', operation: 'canny' }],
  ['an empty name', { name: '', images: ['a.png'], operation: 'canny' }],
  ['a name of 201 characters', { name: 'x'.repeat(201), images: ['a.png'], operation: 'canny' }],
  ['a field of tasks', { images: ['a.png'], operation: 'canny', cache: true }],
  ['no operation', { images: ['a.png'] }],
  ['no reference', { images: ['a.png'], operation: 'feature-matching' }],
  ['an owner', { images: ['a.png'], operation: 'canny', owner: 'root' }],
];

test.each(jobs)('a job with %s', async (_, body) => {
  await expectRefused({ method: 'POST', path: '/api/jobs', headers: json, body: JSON.stringify(body) });
});

test('a job of more JSON than is read', async () => {
  const body = `{"images":["${'a'.repeat(50 * 2 ** 20)}"]}`;
  await expectRefused({ method: 'POST', path: '/api/jobs', headers: json, body });
});

const file = { name: 'a.png', contentType: 'image/png', bytes: 1 };
const uploads: [what: string, body: object][] = [
  ['no files', {}],
  ['an empty list', { files: [] }],
  ['1,001 files', { files: Array(1001).fill(file) }],
  ['no bytes', { files: [{ ...file, bytes: 0 }] }],
  ['less than no bytes', { files: [{ ...file, bytes: -1 }] }],
  ['half a byte', { files: [{ ...file, bytes: 1.5 }] }],
  ['a terabyte', { files: [{ ...file, bytes: 2 ** 40 }] }],
  ['a page of HTML', { files: [{ ...file, contentType: 'text/html' }] }],
  ['a header in the type', { files: [{ ...file, contentType: 'image/png\r\nx-ms-meta-a: b' }] }],
  ['a type that is a list', { files: [{ ...file, contentType: ['image/png'] }] }],
  ['permissions', { files: [{ ...file, permissions: 'racwd' }] }],
  ['an expiry', { files: [file], expiresAt: '2099-01-01' }],
];

test.each(uploads)('uploads of %s', async (_, body) => {
  await expectRefused({ method: 'POST', path: '/api/uploads', headers: json, body: JSON.stringify(body) });
});

const token = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each([
  '/api/jobs?limit=0',
  '/api/jobs?limit=101',
  '/api/jobs?limit=1e2',
  '/api/jobs?limit=ten',
  '/api/jobs?limit=',
  '/api/jobs?limit=1&limit=2',
  '/api/jobs?Limit=5',
  '/api/jobs?continuation=x',
  '/api/jobs?continuation=',
  `/api/jobs?continuation=${token({ job: "' or 1 eq 1" })}`,
  `/api/jobs?continuation=${token({ owner: 'root' })}`,
  `/api/tasks?continuation=${token({ task: -1 })}`,
  `/api/tasks?continuation=${'a'.repeat(3000)}`,
  '/api/tasks?state=Done',
  "/api/tasks?state=Failed' or state eq 'Queued",
  '/api/uploads?prefix=../',
  '/api/uploads?prefix=%00',
  '/api/uploads?continuation=x',
  '/api/uploads?limit=1000',
  '/api/nothing',
  '/api/tasks/..%2f..%2fjobs',
  '/api/tasks/%00',
  '/api/tasks/%F0%28%8C%28',
  `/api/tasks/${'0'.repeat(26)}-0`,
  `/api/tasks/${'0'.repeat(26)}-00`,
  `/api/tasks/${'0'.repeat(26)}-1000000`,
  `/api/tasks/${'0'.repeat(26)}-0?wait=-1`,
  `/api/tasks/${'0'.repeat(26)}-0?wait=1e9`,
  `/api/tasks/${'0'.repeat(26)}-0/result?download=2`,
  `/api/tasks/${'0'.repeat(26)}-0/input?role=mask`,
  `/api/jobs/${'0'.repeat(26)}`,
  `/api/jobs/${'0'.repeat(26)}/tasks?state=Nowhere`,
  `/api/jobs/${'0'.repeat(26)}/results?format=exe`,
  "/api/jobs/' or PartitionKey ne '",
  '/api/jobs/job',
])('GET %s', async (path) => {
  await expectRefused({ path });
});

test.each([
  ['PUT', '/api/tasks'],
  ['PATCH', '/api/jobs'],
  ['DELETE', '/api/jobs'],
  ['DELETE', '/api/uploads'],
  ['DELETE', '/api/uploads?prefix=../'],
  ['DELETE', `/api/tasks/${'0'.repeat(26)}-0`],
  ['POST', '/api/health'],
  ['POST', `/api/tasks/${'0'.repeat(26)}-0/cancel`],
  ['POST', `/api/jobs/${'0'.repeat(26)}/retry?force=true`],
])('%s %s', async (method, path) => {
  await expectRefused({ method, path });
});

const png = { 'Content-Type': 'image/png' };
const image = fixture('box.png');

function multipart(...parts: [disposition: string, content: string][]): Pick<Hostile, 'headers' | 'body'> {
  const body = parts.map(
    ([disposition, content]) => `--b\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`,
  );
  return { headers: { 'Content-Type': 'multipart/form-data; boundary=b' }, body: `${body.join('')}--b--\r\n` };
}

const bodies: [what: string, request: Omit<Hostile, 'method' | 'path'>, query?: string][] = [
  ['101 fields', multipart(...Array.from({ length: 101 }, (_, i): [string, string] => [`name="f${i}"`, '1']))],
  ['a field with a long name', multipart([`name="${'n'.repeat(101)}"`, '1'])],
  ['a field of 300 kB', multipart(['name="params"', 'x'.repeat(300_000)])],
  ['a part without a name', multipart(['filename="a.png"', 'x'], ['name="operation"', 'canny'])],
  ['a file in another field', multipart(['name="mask"; filename="a.png"', 'x'], ['name="operation"', 'canny'])],
  [
    'five files',
    multipart(...Array.from({ length: 5 }, (): [string, string] => ['name="image"; filename="a.png"', 'x'])),
  ],
  ['an image that is a text field', multipart(['name="image"', 'x'], ['name="operation"', 'canny'])],
  ['a compressed body', { headers: { ...png, 'Content-Encoding': 'gzip' }, body: Buffer.from([0x1f, 0x8b, 8, 0]) }],
  ['a content type that is none', { headers: { 'Content-Type': ';;;' }, body: image }],
  ['text', { headers: { 'Content-Type': 'text/plain' }, body: image }],
  ['a script as the name of a parameter', { headers: png, body: image }, '?operation=canny&%3Cscript%3E=1'],
  ['a parameter of JavaScript', { headers: png, body: image }, '?operation=canny&__proto__=1'],
  ['a parameter of 9,000 digits', { headers: png, body: image }, `?operation=canny&blur=${'9'.repeat(9000)}`],
  ['steps of 9,000 brackets', { headers: png, body: image }, `?steps=${'['.repeat(9000)}`],
  ['an operation twice', { headers: png, body: image }, '?operation=canny&operation=canny'],
  [
    'a callback twice',
    { headers: png, body: image },
    '?operation=canny&callbackUrl=https://a.example&callbackUrl=https://b.example',
  ],
  ['a bad key', { headers: { ...png, 'Idempotency-Key': 'k'.repeat(256) }, body: image }, '?operation=canny'],
];

test.each(bodies)('an image sent with %s', async (_, request, query = '') => {
  await expectRefused({ method: 'POST', path: `/api/tasks${query}`, ...request });
});

describe('on the wire', () => {
  /** Sends bytes as they are; gives what comes back. */
  async function send(request: string, keepOpen: boolean): Promise<string> {
    const { port } = new URL(runner.url);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(request);
    if (!keepOpen) socket.end();
    return text(socket);
  }

  const head = (length: string) =>
    `POST /api/tasks?operation=canny HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n${length}\r\n`;

  test('a body that stops coming', async () => {
    const answer = await send(`${head('Content-Length: 5000\r\n')}\x89PNG\r\n\x1a\n`, true);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('urn:tessera:problem:request-timeout');
    expect(await contents(runner)).toEqual(before);
  });

  test('JSON that stops coming', async () => {
    const answer = await send(`${head('Content-Length: 5000\r\n').replace('image/png', 'application/json')}{`, true);
    expect(answer).toContain('urn:tessera:problem:request-timeout');
  });

  test.each([
    ['a body shorter than announced', `${head('Content-Length: 5000\r\n')}\x89PNG`],
    ['a length that is no number', `${head('Content-Length: many\r\n')}\x89PNG`],
    ['two lengths', `${head('Content-Length: 4\r\nContent-Length: 5\r\n')}\x89PNG`],
    ['a length and chunks', `${head('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n')}\x89PNG`],
    ['a chunk that is none', `${head('Transfer-Encoding: chunked\r\n')}zz\r\n\x89PNG\r\n`],
  ])('%s', async (_, request) => {
    expect(await send(request, false)).not.toMatch(/^HTTP\/1\.1 [25]/);
    // The next one is served all the same.
    expect((await client.fetch('/api/health')).status).toBe(200);
    expect(await contents(runner)).toEqual(before);
  });
});
