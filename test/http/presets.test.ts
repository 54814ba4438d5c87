/** Presets of a caller's own. */
import { request } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { useRunner } from '../harness/use.ts';

const runner = useRunner();
const steps = [{ operation: 'grayscale' }, { operation: 'canny', params: { blur: 1.5 } }];
const put = (body: object) => runner.client.send('POST', '/api/presets', body);

test('a sequence of steps is stored under a name, used by it, replaced, listed and deleted', async () => {
  const { client } = runner;
  const stored = await client.submit('/api/presets', { name: 'my-edges', title: 'My edges', steps });
  expect(stored).toMatchObject({ name: 'my-edges', title: 'My edges', summary: '', output: {} });
  expect(stored.steps[1].params).toMatchObject({ blur: 1.5, lowThreshold: 100 });

  const image = fixture('box.png');
  const byForm = await client.run({ image, fields: { preset: 'my-edges' } });
  expect(byForm).toMatchObject({ state: 'Succeeded', steps: stored.steps });
  await client.upload({ 'preset/box.png': image });
  const byJson = await client.submit('/api/tasks', { image: 'preset/box.png', preset: 'my-edges', cache: false });
  expect(byJson).toMatchObject({ steps: stored.steps });
  const job = await client.submit('/api/jobs', { images: ['preset/box.png'], preset: 'my-edges' });
  expect(job).toMatchObject({ steps: stored.steps });

  await client.submit('/api/presets', {
    name: 'my-edges',
    steps: [{ operation: 'sepia' }],
    output: { format: 'webp' },
  });
  await client.submit('/api/presets', { name: 'another', steps });
  const { presets } = await client.get('/api/presets');
  expect(presets).toMatchObject([
    { name: 'another' },
    { name: 'my-edges', title: 'my-edges', output: { format: 'webp' } },
  ]);

  expect((await client.send('DELETE', '/api/presets/my-edges')).status).toBe(204);
  expect((await client.send('DELETE', '/api/presets/my-edges')).status).toBe(404);
  const gone = await client.post({ image, fields: { preset: 'my-edges' } });
  expect([gone.status, ((await gone.json()) as { type: string }).type]).toEqual([
    400,
    expect.stringMatching(/unknown-preset$/),
  ]);
});

test("another caller's preset is none", async () => {
  await runner.client.submit('/api/presets', { name: 'secret', steps });
  const other = await runner.newClient();
  expect(await other.get('/api/presets')).toEqual({ presets: [] });
  expect((await other.post({ ...request('box.png', 'canny'), fields: { preset: 'secret' } })).status).toBe(400);
  expect((await other.send('DELETE', '/api/presets/secret')).status).toBe(404);
});

test.each([
  ['the name of a preset of the service', { name: 'anonymize', steps }, 'name'],
  ['a name with a space', { name: 'my edges', steps }, 'name'],
  ['no steps', { name: 'a' }, 'operation'],
  ['a wrong parameter', { name: 'a', steps: [{ operation: 'canny', params: { blur: -1 } }] }, 'steps[0].params.blur'],
  ['something more', { name: 'a', steps, page: 2 }, 'page'],
  [
    'more steps than a row holds',
    {
      name: 'a',
      steps: Array(16).fill({ operation: 'custom-kernel', params: { kernel: Array(31).fill(Array(31).fill(-0.001)) } }),
    },
    'steps',
  ],
])('%s is refused', async (_, body, field) => {
  const response = await put(body);
  expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ field })]);
});

test('what a preset does not keep is refused, not dropped', async () => {
  for (const [field, value] of Object.entries({
    projection: 'max',
    depth: 'full',
    page: 2,
    callbackUrl: 'https://a.example',
  })) {
    const refused = await put({ name: 'kept', steps, [field]: value });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(await refused.json())).toContain(field);
  }
  expect((await runner.client.get('/api/presets')).presets).not.toContainEqual(
    expect.objectContaining({ name: 'kept' }),
  );
});
