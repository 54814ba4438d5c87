/** A link is for as many bytes as were declared: what is longer is not worked on. */

import { getImage } from '../../lib/storage/images.ts';
import { type Api, startApi } from '../harness/api.ts';
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { expandJob } from '../harness/job-commands.ts';
import { useAccount } from '../harness/use.ts';

const account = useAccount();
let api: Api;
let client: Client;
beforeAll(async () => {
  api = await startApi(account.connection);
  client = new Client(api);
});
afterAll(() => api.stop());

const image = fixture('box.png');
const notDeclared = 'urn:tessera:problem:upload-not-declared';

interface Link {
  url: string;
  headers: Record<string, string>;
}

async function linkFor(name: string, bytes: number): Promise<Link> {
  const files = [{ name, contentType: 'image/png', bytes }];
  return (await client.submit('/api/uploads', { files })).uploads[0];
}

async function send({ url, headers }: Link): Promise<void> {
  expect((await fetch(url, { method: 'PUT', headers, body: image })).status).toBe(201);
}

async function submit(name: string) {
  const response = await client.send('POST', '/api/tasks', { image: name, operation: 'invert' });
  return (await response.json()) as { type?: string; field?: string; limit?: number; state?: string };
}

/** What the instance says to the only image of a job. */
async function work(name: string): Promise<string> {
  const { id } = await client.submit('/api/jobs', { images: [name], operation: 'invert' });
  await expandJob(account.storage, id);
  const [task] = await Array.fromAsync(account.storage.tasks.list({ id, total: 1 }, { limit: 1 }));
  return getImage(account.storage, task.input, 1e8).then(
    () => 'read',
    ({ details }) => details.type,
  );
}

test('an upload of the declared length, or a shorter one, is used', async () => {
  for (const [name, bytes] of [['a.png', image.length] as const, ['b.png', 2 * image.length] as const]) {
    await send(await linkFor(name, bytes));
    expect(await submit(name)).toMatchObject({ state: 'Queued' });
    expect(await work(name)).toBe('read');
  }
});

test('a longer one is refused with the length that was declared', async () => {
  await send(await linkFor('long.png', 1));
  expect(await submit('long.png')).toMatchObject({ type: notDeclared, field: 'image', limit: 1 });
  expect(await work('long.png')).toBe(notDeclared);
});

test('so is one that hides what was declared, or claims what was not', async () => {
  const { url, headers } = await linkFor('own.png', 1);
  const larger = (await linkFor('another.png', image.length)).headers['x-ms-meta-declared'];
  const { 'x-ms-meta-declared': own, ...without } = headers;
  const forged = own.replace(/^1\./, `${image.length}.`);
  for (const declared of [larger, forged, '', 'x', '1e9.x']) {
    await send({ url, headers: declared === '' ? without : { ...without, 'x-ms-meta-declared': declared } });
    expect([declared, (await submit('own.png')).type]).toEqual([declared, notDeclared]);
    expect(await work('own.png')).toBe(notDeclared);
  }
});
