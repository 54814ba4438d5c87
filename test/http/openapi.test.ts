/** The API is as its OpenAPI document says: every call is made here, and the client holds every answer against the document. */
import type { TaskJson } from '../harness/client.ts';
import { document, operationIds } from '../harness/contract.ts';
import { fixture } from '../harness/fixtures.ts';
import { useRunner } from '../harness/use.ts';

const { client } = useRunner();

test('what is served is the document that answers are held against', async () => {
  expect(await client.get('/api/openapi.json')).toEqual(JSON.parse(JSON.stringify(document)));
});

test('every documented call answers as documented', async () => {
  const image = fixture('box.png');
  const task = await client.run({ image, fields: { operation: 'canny' } });
  await client.run({ image, fields: { operation: 'canny' } });
  const raw = { method: 'POST', headers: { 'Content-Type': 'image/png' }, body: image };
  await client.finished(((await (await client.fetch('/api/tasks?operation=sepia', raw)).json()) as TaskJson).id);
  await client.upload({ 'doc/a.png': image, 'doc/b.png': Buffer.from('text') });
  await client.submit('/api/tasks', { image: 'doc/a.png', operation: 'invert' });
  const job = await client.submit('/api/jobs', { prefix: 'doc/', operation: 'canny' });
  await client.jobDone(job.id);

  for (const path of [`/api/tasks/${task.id}`, `/api/jobs/${job.id}`]) {
    const etag = (await client.fetch(path)).headers.get('etag') ?? '';
    expect((await client.fetch(path, { headers: { 'If-None-Match': etag } })).status).toBe(304);
  }
  for (const path of ['result', 'result?download=1', 'input', 'input?download=1', 'objects'])
    expect((await client.fetch(`/api/tasks/${task.id}/${path}`)).ok || path.length < 7).toBe(true);
  for (const path of [
    'tasks',
    'jobs',
    `jobs/${job.id}/tasks`,
    'uploads',
    'operations',
    'health',
    'stats',
    'stats/history',
    'instances',
    'callback-secret',
    'presets',
    'estimate?images=10&operation=canny',
  ])
    await client.get(`/api/${path}`);
  for (const format of ['zip', 'csv', 'jsonl'])
    expect((await client.fetch(`/api/jobs/${job.id}/results?format=${format}`)).status).toBe(200);

  const images = Array(100).fill('doc/a.png');
  const open = await client.submit('/api/jobs', { images, operation: 'watershed', cache: false });
  const posts: [string, number][] = [
    [`jobs/${open.id}/cancel`, 202],
    [`tasks/${task.id}/cancel`, 409],
    [`tasks/${job.id}-1/retry`, 202],
    [`jobs/${job.id}/retry`, 202],
    ['callback-secret/replace', 200],
  ];
  await client.submit('/api/presets', { name: 'doc', steps: [{ operation: 'sepia' }] });
  for (const [path, status] of posts)
    expect([path, (await client.send('POST', `/api/${path}`)).status]).toEqual([path, status]);
  for (const path of [`tasks/${task.id}`, `jobs/${job.id}`, 'uploads?prefix=doc/', 'presets/doc'])
    expect((await client.send('DELETE', `/api/${path}`)).ok).toBe(true);
  await client.get('/api/openapi.json');

  expect([...client.called].sort()).toEqual([...operationIds].sort());
});

test('each operation’s parameters are in the document, with their ranges and defaults', () => {
  expect(document.components?.schemas?.CannyStep).toMatchObject({
    properties: {
      operation: { const: 'canny' },
      params: { properties: { lowThreshold: { type: 'number', minimum: 0, maximum: 10_000, default: 100 } } },
    },
  });
});
