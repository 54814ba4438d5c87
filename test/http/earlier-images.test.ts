/** Tasks and jobs that take the images of earlier ones: nothing is sent a second time. */
import { request } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { useRunner } from '../harness/use.ts';

const runner = useRunner();

const submit = (body: object) => runner.client.submit('/api/tasks', body);
const finished = async (body: object) => runner.client.finished((await submit(body)).id);

test('a task takes the image that came with another one, and keeps it when that is deleted', async () => {
  const { client } = runner;
  const first = await client.run(request('coins.png', 'canny'));
  const second = await finished({ from: first.id, operation: 'watershed', params: { minSize: 20 } });
  expect(second).toMatchObject({
    state: 'Succeeded',
    from: first.id,
    input: { name: 'coins.png', width: 384, height: 303 },
    steps: [{ operation: 'watershed', params: { minSize: 20 } }],
  });
  expect((await client.send('DELETE', `/api/tasks/${first.id}`)).status).toBe(204);
  const third = await finished({ from: second.id, operation: 'watershed', params: { minSize: 40 } });
  expect(third).toMatchObject({ state: 'Succeeded', from: second.id });
  const image = await client.fetch(`/api/tasks/${third.id}/input?download=1`);
  expect(Buffer.from(await image.arrayBuffer()).equals(fixture('coins.png'))).toBe(true);
});

test('an uploaded image is named again, not copied, with the second image of the steps that compare two', async () => {
  const { client } = runner;
  await client.upload({ 'again/box.png': fixture('box.png'), 'again/scene.png': fixture('box_in_scene.png') });
  const steps = [{ operation: 'feature-matching' }];
  const first = await finished({ image: 'again/box.png', reference: 'again/scene.png', steps });
  const second = await finished({
    from: first.id,
    steps: [{ operation: 'feature-matching', params: { detector: 'akaze' } }],
  });
  expect(second).toMatchObject({ state: 'Succeeded', reference: { name: 'scene.png' } });
  const alone = await finished({ from: first.id, operation: 'sepia' });
  expect(alone).toMatchObject({ state: 'Succeeded', reference: null });
  // The same once more is the same result.
  expect(await submit({ from: first.id, operation: 'sepia' })).toMatchObject({ cached: true, from: first.id });
  await client.upload({ 'again/box.png': fixture('coins.png') });
  const replaced = await client.send('POST', '/api/tasks', { from: first.id, operation: 'invert' });
  expect([replaced.status, ((await replaced.json()) as { type: string }).type]).toEqual([
    409,
    expect.stringMatching(/input-changed$/),
  ]);
});

test('a job takes all images of another one', async () => {
  const { client } = runner;
  await client.upload({ 'all/1.png': fixture('box.png'), 'all/2.png': fixture('coins.png') });
  const first = await client.submit('/api/jobs', { prefix: 'all/', operation: 'sepia' });
  await client.jobDone(first.id);
  const second = await client.submit('/api/jobs', { from: first.id, operation: 'invert' });
  expect(await client.jobDone(second.id)).toMatchObject({ total: 2, counts: { succeeded: 2 } });
  const { tasks } = await client.get(`/api/jobs/${second.id}/tasks`);
  expect(tasks.map(({ input }: { input: { name: string } }) => input.name)).toEqual(['1.png', '2.png']);
});

test.each<[string, { from?: string; image?: string }, number, string]>([
  ['a task that is not there', { from: 'nothing' }, 404, 'input-not-found'],
  ['an image besides', { from: '0123456789abcdefghjkmnpqrs-0', image: 'a.png' }, 400, 'invalid-parameter'],
  ['neither', {}, 400, 'missing-image'],
])('%s is refused', async (_, body, status, type) => {
  const response = await runner.client.send('POST', '/api/tasks', { ...body, operation: 'sepia' });
  expect([response.status, await response.json()]).toEqual([
    status,
    expect.objectContaining({
      type: expect.stringMatching(new RegExp(`${type}$`)),
      field: body.from ? 'from' : 'image',
    }),
  ]);
});

test("another caller's task is none", async () => {
  const task = await runner.client.run(request('box.png', 'sepia'));
  const other = await runner.newClient();
  for (const [path, from] of [
    ['/api/tasks', task.id],
    ['/api/jobs', task.jobId],
  ]) {
    const response = await other.send('POST', path, { from, operation: 'invert' });
    expect([path, response.status]).toEqual([path, 404]);
  }
});
