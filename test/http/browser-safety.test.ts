/** What was handed in cannot become something that a browser runs. */
import { fixture } from '../harness/fixtures.ts';
import { useRunner } from '../harness/use.ts';

const { client } = useRunner();

const script = Buffer.from('<!doctype html><script>alert(1)</script>');

test('no answer is taken for another type than it says', async () => {
  const { id } = await client.run({ image: fixture('box.png'), fields: { operation: 'canny' } });
  const paths = [`tasks/${id}`, `tasks/${id}/result?download=1`, 'tasks/none', 'no-such-call', 'operations', 'stats'];
  for (const path of paths)
    expect([path, (await client.fetch(`/api/${path}`)).headers.get('x-content-type-options')]).toEqual([
      path,
      'nosniff',
    ]);
});

test('a page that was uploaded as an image comes back as a file to save, of no type that runs', async () => {
  const { uploads } = await client.submit('/api/uploads', {
    files: [{ name: 'page.html', contentType: 'image/png', bytes: script.length }],
  });
  const [{ url, headers }] = uploads;
  // Whoever has the link can claim any type.
  const lie = { ...headers, 'Content-Type': 'text/html', 'x-ms-blob-content-type': 'text/html' };
  expect((await fetch(url, { method: 'PUT', headers: lie, body: script })).ok).toBe(true);
  const job = await client.submit('/api/jobs', { images: ['page.html'], operation: 'canny' });
  await client.jobDone(job.id);
  const link = (await client.fetch(`/api/tasks/${job.id}-0/input`)).headers.get('location') ?? '';
  const stored = await fetch(link);
  expect(await stored.text()).toBe(script.toString());
  expect(stored.headers.get('content-type')).toBe('application/octet-stream');
  expect(stored.headers.get('content-disposition')).toMatch(/^attachment;/);
  const answered = await client.fetch(`/api/tasks/${job.id}-0/input?download=1`);
  expect(answered.headers.get('content-type')).toBe('application/octet-stream');
  expect(answered.headers.get('content-disposition')).toMatch(/^attachment;/);
});

test('pictures are shown, also those that came as files of another name', async () => {
  const { id } = await client.run({ image: fixture('box.png'), name: 'page.html', fields: { operation: 'canny' } });
  for (const path of ['input', 'result']) {
    const stored = await fetch((await client.fetch(`/api/tasks/${id}/${path}`)).headers.get('location') ?? '');
    expect(stored.headers.get('content-type')).toBe('image/png');
    expect(stored.headers.get('content-disposition')).toMatch(/^inline;/);
  }
});

test.each(['/', '/reference.html'])('%s runs nothing but its own scripts, and in no frame', async (path) => {
  const page = await client.fetch(path);
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  const [, policy = ''] = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(await page.text()) ?? [];
  expect(policy).toContain("default-src 'none'");
  expect(/script-src ([^;]+)/.exec(policy)?.[1]).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
});
