/** Uploads: deleting one or a folder, and links that are not kept. */

import { type Api, startApi } from '../../harness/api.ts';
import { Client } from '../../harness/client.ts';
import { fixture } from '../../harness/fixtures.ts';
import { rawTable } from '../../harness/storage.ts';
import { useAccount } from '../../harness/use.ts';

const account = useAccount();
let api: Api;
let client: Client;
beforeAll(async () => {
  api = await startApi(account.connection);
  client = new Client(api);
});
afterAll(() => api.stop());

async function upload(...names: string[]): Promise<void> {
  await client.upload(Object.fromEntries(names.map((name) => [name, fixture('box.png')])));
}

async function listed(prefix: string): Promise<string[]> {
  const { images } = await client.get(`/api/uploads?prefix=${prefix}&limit=100`);
  return images.map(({ name }: { name: string }) => name);
}

async function remove(query: string): Promise<unknown> {
  return (await client.send('DELETE', `/api/uploads?${query}`)).json();
}

test('deleting one leaves those whose names begin with its name', async () => {
  await upload('one/IM1', 'one/IM10', 'one/IM199');
  expect(await remove('name=one/IM1')).toEqual({ deleted: 1, more: false });
  expect(await remove('name=one/IM1')).toEqual({ deleted: 0, more: false });
  expect(await listed('one/')).toEqual(['one/IM10', 'one/IM199']);
});

test('a prefix deletes folders alone: "IM1" may mean IM1 or IM10', async () => {
  await upload('two/IM1', 'two/IM10', 'two/below/IM1', 'twoo/IM1');
  expect(await remove('prefix=two/IM1')).toMatchObject({ status: 400, field: 'prefix' });
  expect(await remove('prefix=two')).toMatchObject({ status: 400, field: 'prefix' });
  expect(await listed('two')).toHaveLength(4);
  expect(await remove('prefix=two/')).toEqual({ deleted: 3, more: false });
  expect(await listed('two')).toEqual(['twoo/IM1']);
});

test.each(['', 'name=a.png&prefix=a/', 'name=', 'name=../a.png', 'name=a/'])(
  'what is to be deleted is said once: ?%s is refused',
  async (query) => {
    expect(await remove(query)).toMatchObject({ status: 400, type: 'urn:tessera:problem:invalid-parameter' });
  },
);

test('names that are numbers are names', async () => {
  await upload('00017', '17.50');
  expect(await listed('00017')).toEqual(['00017']);
  expect(await listed('17.5')).toEqual(['17.50']);
  for (const name of ['00017', '17.50']) expect(await remove(`name=${name}`)).toEqual({ deleted: 1, more: false });
  expect(await listed('1')).toEqual([]);
});

test('asked for again under the same Idempotency-Key, links are new, and nothing keeps them', async () => {
  const files = Array.from({ length: 300 }, (_, i) => ({ name: `${i}.png`, contentType: 'image/png', bytes: 1 }));
  const ask = async () => {
    const response = await client.send('POST', '/api/uploads', { files }, { 'Idempotency-Key': 'links' });
    expect([response.status, response.headers.get('idempotent-replayed')]).toEqual([201, null]);
    return (await response.json()) as { uploads: { url: string }[]; expiresAt: string };
  };
  const first = await ask();
  const second = await ask();
  expect(Date.parse(second.expiresAt)).toBeGreaterThan(Date.parse(first.expiresAt));
  const { inputs } = account.storage;
  const callers = await rawTable(account.connection, 'callers');
  expect(JSON.stringify(await Array.fromAsync(callers.listEntities()))).not.toContain('sig=');
  for await (const { name } of inputs.list('requests/')) expect(await inputs.text(name)).not.toContain('sig=');
});
