/** Work that was done already is not done again, and its result belongs to the new task all the same. */
import { request, type TaskJson } from '../harness/client.ts';
import { useRunner } from '../harness/use.ts';

const { client } = useRunner();

test('the same image through the same steps is done at once, with the same bytes and measurements', async () => {
  const first = await client.run(request('coins.png', 'watershed', { blur: 1 }));
  const response = await client.post(request('coins.png', 'watershed', { blur: 1 }));
  expect(response.status).toBe(200);
  const second = (await response.json()) as TaskJson;
  expect(second).toMatchObject({ state: 'Succeeded', cached: true, attempts: 0, measurements: first.measurements });
  expect(first).toMatchObject({ cached: false });
  expect(second.id).not.toBe(first.id);
  expect((await client.result(second)).equals(await client.result(first))).toBe(true);
});

test('what differs in a parameter, the image, the output or the page is work of its own', async () => {
  await client.run(request('coins.png', 'canny', { blur: 2 }));
  const others = [
    request('coins.png', 'canny', { blur: 2.5 }),
    request('box.png', 'canny', { blur: 2 }),
    { ...request('coins.png', 'canny', { blur: 2 }), fields: { operation: 'canny', params: { blur: 2 }, page: '2' } },
    {
      ...request('coins.png', 'canny'),
      fields: { operation: 'canny', params: { blur: 2 }, output: { format: 'webp' } },
    },
  ];
  for (const other of others) expect((await client.run(other)).cached).toBe(false);
});

test('a default spelled out is the same work; cache=false does it again', async () => {
  await client.run(request('box.png', 'canny'));
  const fields = { operation: 'canny', lowThreshold: '100' };
  const { image } = request('box.png', 'canny');
  expect((await client.run({ ...(image && { image }), fields })).cached).toBe(true);
  expect(await client.run({ ...(image && { image }), fields: { ...fields, cache: 'false' } })).toMatchObject({
    cached: false,
    attempts: 1,
  });
});
