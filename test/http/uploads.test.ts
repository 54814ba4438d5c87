/** Images sent to the storage directly, and the tasks that name them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type TaskJson } from '../harness/client.ts';
import { pngBomb, text } from '../harness/files.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { contents } from '../harness/storage.ts';

let runner: Runner;
let client: Client;
beforeAll(async () => {
  runner = await Runner.start({ env: { MAX_IMAGE_MEGABYTES: '1' } });
  client = new Client(runner);
  await client.upload({
    'a/coins.png': fixture('coins.png'),
    'a/box.png': fixture('box.png'),
    'a/scene.png': fixture('box_in_scene.png'),
  });
  const bad = {
    'bad/empty.png': Buffer.alloc(0),
    'bad/text.png': text,
    'bad/bomb.png': pngBomb(30_000, 30_000),
    'bad/large.png': Buffer.alloc(2 ** 20 + 1, fixture('coins.png')),
  };
  await client.upload(bad, 1000);
});
afterAll(() => runner.stop());

const submit = (body: object) => client.send('POST', '/api/tasks', body);

async function done(response: Response): Promise<TaskJson> {
  expect([200, 202]).toContain(response.status);
  return client.finished(((await response.json()) as TaskJson).id);
}

test('a task names an uploaded image', async () => {
  const task = await done(await submit({ image: 'a/coins.png', operation: 'canny', params: { blur: 1 } }));
  expect(task).toMatchObject({
    state: 'Succeeded',
    input: { name: 'coins.png', contentType: 'image/png', width: 384, height: 303 },
    steps: [{ operation: 'canny', params: { blur: 1 } }],
  });
});

test('and one to compare it with', async () => {
  const body = { image: 'a/scene.png', reference: 'a/box.png', steps: [{ operation: 'feature-matching' }] };
  const task = await done(await submit(body));
  expect(task.measurements[0].inliers).toBeGreaterThan(30);
});

test('the same upload through the same steps is done at once; once replaced, it is new', async () => {
  await client.upload({ 'b.png': fixture('box.png') });
  const body = { image: 'b.png', operation: 'sepia' };
  await done(await submit(body));
  expect((await done(await submit(body))).cached).toBe(true);
  expect((await done(await submit({ ...body, cache: false }))).cached).toBe(false);
  await client.upload({ 'b.png': fixture('coins.png') });
  expect((await done(await submit(body))).cached).toBe(false);
});

test('an image that is replaced before its task begins fails the task, which says so', async () => {
  const idle = await Runner.start({ args: ['--only', 'http'] });
  try {
    const caller = new Client(idle);
    await caller.upload({ 'c.png': fixture('box.png') });
    const { id } = await caller.submit('/api/tasks', { image: 'c.png', operation: 'sepia' });
    await caller.upload({ 'c.png': fixture('coins.png') });
    const env = { AzureWebJobsStorage: idle.storage };
    const instance = await Runner.start({ args: ['--only', 'control,process', '--no-storage'], env });
    try {
      expect(await caller.finished(id)).toMatchObject({
        state: 'Failed',
        attempts: 1,
        error: { type: 'urn:tessera:problem:input-changed' },
      });
    } finally {
      await instance.stop();
    }
  } finally {
    await idle.stop();
  }
});

test.each([
  ['bad/missing.png', 404, 'input-not-found'],
  ['bad/empty.png', 400, 'empty-image'],
  ['bad/text.png', 415, 'unsupported-image'],
  ['bad/bomb.png', 422, 'too-many-pixels'],
  ['bad/large.png', 413, 'image-too-large'],
])('%s is told by what it is: %i %s', async (image, status, type) => {
  const before = await contents(runner);
  const response = await submit({ image, operation: 'canny' });
  expect(await response.json()).toMatchObject({ status, type: `urn:tessera:problem:${type}` });
  expect(await contents(runner)).toEqual(before);
});

test('a link writes its one image, and neither reads, lists nor deletes', async () => {
  const file = { name: 'd.png', contentType: 'image/png', bytes: 100 };
  const { uploads } = await client.submit('/api/uploads', { files: [file] });
  const { url, headers } = uploads[0];
  expect((await fetch(url, { method: 'PUT', headers, body: fixture('box.png') })).status).toBe(201);
  expect((await fetch(url)).status).toBe(403);
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
  const other = url.replace('d.png', 'e.png');
  expect((await fetch(other, { method: 'PUT', headers, body: fixture('box.png') })).status).toBe(403);
});

test('a page of the same service may send to a link, another may not', async () => {
  const { uploads } = await client.submit('/api/uploads', {
    files: [{ name: 'd.png', contentType: 'image/png', bytes: 1 }],
  });
  const preflight = (origin: string) =>
    fetch(uploads[0].url, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'PUT',
        'Access-Control-Request-Headers': 'x-ms-blob-type',
      },
    });
  const allowed = await preflight(runner.url);
  expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([200, runner.url]);
  expect((await preflight('https://elsewhere.example')).status).toBe(403);
});

test('a link is of no use once its time is over', async () => {
  const brief = await Runner.start({ args: ['--only', 'http'], env: { LINK_MINUTES: '0.02' } });
  try {
    const file = { name: 'd.png', contentType: 'image/png', bytes: 100 };
    const { uploads, expiresAt } = await new Client(brief).submit('/api/uploads', { files: [file] });
    // The link's time is in whole seconds.
    await sleep(Date.parse(expiresAt) - Date.now() + 1000);
    const { url, headers } = uploads[0];
    expect((await fetch(url, { method: 'PUT', headers, body: fixture('box.png') })).status).toBe(403);
  } finally {
    await brief.stop();
  }
});

test('uploads are listed by name, page by page, and deleted by prefix', async () => {
  const files = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`list/${i}.png`, fixture('box.png')]));
  await client.upload(files);
  const first = await client.get('/api/uploads?prefix=list/&limit=3');
  const rest = await client.get(`/api/uploads?prefix=list/&limit=3&continuation=${encodeURIComponent(first.next)}`);
  const names = [...first.images, ...rest.images].map(({ name }) => name);
  expect(names).toEqual(Object.keys(files));
  expect(rest.next).toBeNull();
  expect(first.images[0]).toMatchObject({ contentType: 'image/png', bytes: fixture('box.png').length });
  const deleted = await client.send('DELETE', '/api/uploads?prefix=list/');
  expect(await deleted.json()).toEqual({ deleted: 5, more: false });
  expect((await client.get('/api/uploads?prefix=list/')).images).toEqual([]);
  expect((await client.get('/api/uploads?prefix=a/')).images).toHaveLength(3);
});
