/** A request may be sent twice and is carried out once. */
import { randomUUID } from 'node:crypto';
import { Client, request, type TaskJson } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { contents, rawTable } from '../harness/storage.ts';

let runner: Runner;
let client: Client;
beforeAll(async () => {
  runner = await Runner.start({ args: ['--only', 'http'] });
  client = new Client(runner);
});
afterAll(() => runner.stop());

const key = () => ({ 'Idempotency-Key': randomUUID() });

test('the same key and image give the same task, byte for byte, and leave no second one', async () => {
  const headers = key();
  const first = await client.post(request('coins.png', 'canny'), headers);
  const before = await contents(runner);
  const second = await client.post(request('coins.png', 'canny'), headers);
  expect(second.status).toBe(202);
  expect(second.headers.get('location')).toBe(first.headers.get('location'));
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect(await second.text()).toBe(await first.text());
  expect(await contents(runner)).toEqual(before);
});

test('the same key with another image or parameter is refused', async () => {
  const headers = key();
  await client.post(request('coins.png', 'canny'), headers);
  const before = await contents(runner);
  for (const other of [request('box.png', 'canny'), request('coins.png', 'canny', { blur: 1 })]) {
    const response = await client.post(other, headers);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ type: 'urn:tessera:problem:idempotency-key-reused' });
  }
  expect(await contents(runner)).toEqual(before);
});

test.each([
  ['/api/jobs', { images: ['a.png'], operation: 'canny' }, { images: ['b.png'], operation: 'canny' }],
  ['/api/callback-secret/replace', {}, null],
])('%s too', async (path, body, other) => {
  const headers = key();
  const first = await client.send('POST', path, body, headers);
  const second = await client.send('POST', path, body, headers);
  expect([first.status, second.status]).toEqual([first.status, first.status]);
  expect(await second.text()).toBe(await first.text());
  if (other) expect((await client.send('POST', path, other, headers)).status).toBe(422);
});

test('a request that was refused may be sent again, mended, under its key', async () => {
  const headers = key();
  expect((await client.post({ fields: { operation: 'canny' } }, headers)).status).toBe(400);
  expect((await client.post(request('coins.png', 'canny'), headers)).status).toBe(202);
});

test('of many at the same time one is carried out, and the others are told to wait or given its answer', async () => {
  const headers = key();
  const posts = Array.from({ length: 8 }, () => client.post(request('coins.png', 'canny', { blur: 3 }), headers));
  const responses = await Promise.all(posts);
  const ids = new Set<string>();
  for (const response of responses) {
    expect([202, 409]).toContain(response.status);
    if (response.status === 202) ids.add(((await response.json()) as TaskJson).id);
    else expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(ids.size).toBe(1);
});

test('after a crash in the middle the same job is made, and none twice', async () => {
  const headers = key();
  const job = { images: ['a.png', 'b.png'], operation: 'invert' };
  const { id } = (await (await client.send('POST', '/api/jobs', job, headers)).json()) as { id: string };
  // As it would be had the instance died after the last write, long ago.
  const callers = await rawTable(runner.storage, 'callers');
  for await (const row of callers.listEntities<{ jobId?: string }>()) {
    if (row.jobId !== id) continue;
    const { partitionKey = '', rowKey = '' } = row;
    const { createdAt } = row as { createdAt?: Date };
    await callers.updateEntity({ partitionKey, rowKey, jobId: id, createdAt, startedAt: new Date(0) }, 'Replace');
  }
  const again = await client.send('POST', '/api/jobs', job, headers);
  expect(again.status).toBe(202);
  expect(await again.json()).toMatchObject({ id });
  const { jobs } = await client.get('/api/jobs?limit=100');
  expect(jobs.filter((listed: { id: string }) => listed.id === id)).toHaveLength(1);
});

test.each(['', ' ', 'a'.repeat(256), 'ключ'])('the key %j is refused', async (value) => {
  const headers = {
    'Idempotency-Key': encodeURIComponent(value) === value ? value : Buffer.from(value).toString('latin1'),
  };
  const response = await client.send('POST', '/api/jobs', { images: ['a'], operation: 'canny' }, headers);
  expect(response.status).toBe(400);
});

test('different calls and different callers do not meet in a key', async () => {
  const headers = key();
  expect((await client.post({ image: fixture('box.png'), fields: { operation: 'invert' } }, headers)).status).toBe(202);
  expect((await client.send('POST', '/api/jobs', { images: ['a'], operation: 'canny' }, headers)).status).toBe(202);
});
