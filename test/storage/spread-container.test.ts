/** Blobs in two accounts, as if they lay in one. */
import { problemResponse } from '../../lib/http/responses.ts';
import { newJobId, taskIdOf } from '../../lib/model/ids.ts';
import { Problem, problem } from '../../lib/problems.ts';
import { resultBlob, uploadBlob } from '../../lib/storage/blob-names.ts';
import { accountOfPartition, accountsOfBlob } from '../../lib/storage/placement.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { useTwoAccounts } from '../harness/use.ts';

const accounts = useTwoAccounts();
/** As long as there was one account. */
let earlier: Storage;
beforeAll(async () => {
  earlier = await openStorage(accounts.connections[0]);
});

const missing = () => problem('input-not-found', 'Not there.');
const names = Array.from({ length: 40 }, (_, i) => uploadBlob('someone', `set/${String(i).padStart(2, '0')}.png`));
/** Goes to the second account, and would have gone to the first. */
const moving = names.find((name) => accountsOfBlob(name, 2).length === 2) as string;
const put = (storage: Storage, name: string, text: string) => storage.inputs.put(name, Buffer.from(text), 'image/png');
const link = { lifetimeMs: 60_000, contentType: 'image/png', fileName: 'a.png' };

test('uploads are listed by name, wherever they lie, and page by page to the last', async () => {
  const { inputs } = accounts.storage;
  for (const name of names) await put(accounts.storage, name, name);
  const inFirst = await Array.fromAsync(earlier.inputs.list('uploads/'), ({ name }) => name);
  expect(inFirst.length).toBeGreaterThan(5);
  expect(inFirst.length).toBeLessThan(35);
  expect(await Array.fromAsync(inputs.list('uploads/someone/'), ({ name }) => name)).toEqual(names);
  const paged: string[] = [];
  for (let next: string | null | undefined; next !== null; ) {
    const page = await inputs.listPage('uploads/someone/', 7, next ?? undefined);
    expect(page.blobs.length).toBeGreaterThan(0);
    paged.push(...page.blobs.map(({ name }) => name));
    next = page.next;
  }
  expect(paged.sort()).toEqual(names);
  await expect(inputs.listPage('uploads/', 7, '9.x')).rejects.toThrow(Problem);
  await expect(inputs.listPage('uploads/', 7, 'x')).rejects.toThrow(Problem);
  await inputs.deleteAll('uploads/someone/');
  expect(await Array.fromAsync(inputs.list('uploads/'))).toEqual([]);
  expect(await inputs.listPage('uploads/', 7)).toEqual({ blobs: [], next: null });
});

test('an upload from before the second account is found in every way, and deleted', async () => {
  const { inputs } = accounts.storage;
  await put(earlier, moving, 'old');
  const { etag } = await inputs.head(moving, 10, missing);
  expect((await inputs.head(moving, 10, missing)).head.toString()).toBe('old');
  await inputs.check({ blob: moving, etag }, missing);
  expect((await inputs.open({ blob: moving, etag }, missing)).bytes).toBe(3);
  expect(await inputs.properties(moving)).toMatchObject({ etag, bytes: 3 });
  expect(await inputs.text(moving)).toBe('old');
  expect(await (await fetch(await inputs.readLink(moving, link))).text()).toBe('old');
  await expect(inputs.check({ blob: moving, etag: '"0x1"' }, missing)).rejects.toThrow('process the new image');
  expect(await inputs.copy({ blob: moving, etag }, resultBlob(taskIdOf(newJobId(2), 0)))).toBe(true);
  expect(await inputs.delete(moving)).toBe(true);
  await expect(inputs.check({ blob: moving }, missing)).rejects.toThrow('Not there.');
  expect(await inputs.delete(moving)).toBe(false);
});

test('sent again, the new one counts, and both are deleted', async () => {
  const { inputs } = accounts.storage;
  await put(earlier, moving, 'old');
  const response = await fetch(await inputs.writeLink(moving, new Date(Date.now() + 60_000)), {
    method: 'PUT',
    headers: { 'x-ms-blob-type': 'BlockBlob' },
    body: 'newer',
  });
  expect(response.status).toBe(201);
  expect(await inputs.text(moving)).toBe('newer');
  expect(await Array.fromAsync(inputs.list('uploads/'), ({ name, bytes }) => [name, bytes])).toEqual([[moving, 5]]);
  await inputs.delete(moving);
  expect(await inputs.properties(moving)).toBeNull();
  expect(await earlier.inputs.properties(moving)).toBeNull();
});

test('a blob is copied from one account to the other, at its version', async () => {
  const { results, outbox } = accounts.storage;
  const blobs = Array.from({ length: 20 }, () => resultBlob(taskIdOf(newJobId(2), 0)));
  const [here, there] = [0, 1].map((account) => blobs.find((blob) => accountsOfBlob(blob, 2)[0] === account) as string);
  await results.put(there, Buffer.from('picture'), 'image/webp');
  const { etag = '' } = (await results.properties(there)) ?? {};
  expect(await results.copy({ blob: there, etag }, here)).toBe(true);
  const copied = await earlier.results.open({ blob: here }, missing);
  expect(copied.bytes).toBe(7);
  copied.content.destroy();
  expect(await outbox.copy({ blob: there }, 'a/b.webp', results)).toBe(true);
  expect(await outbox.text('a/b.webp')).toBe('picture');
  expect(await results.copy({ blob: there, etag: '"0x1"' }, here)).toBe(false);
  await results.deleteAll(there);
  expect(await results.copy({ blob: there }, here)).toBe(false);
});

test('an instance that knows fewer accounts says so, and takes no task for one that is not there', async () => {
  const { tasks, jobs } = earlier;
  const ids = Array.from({ length: 20 }, () => newJobId(2));
  const there = ids.find((id) => accountOfPartition(id) === 1) as string;
  const here = ids.find((id) => accountOfPartition(id) === 0) as string;
  const error = await tasks.get(taskIdOf(there, 0)).catch((error) => error);
  expect(error.message).toBe('Storage account 2 is needed; the settings name 1.');
  expect(problemResponse(error)).toMatchObject({ status: 503 });
  await expect(jobs.get(there)).rejects.toThrow('Storage account 2 is needed');
  expect(await tasks.get(taskIdOf(here, 0))).toBeNull();
});

test('an account keeps its place', async () => {
  const [first, second] = accounts.connections;
  const name = (connection: string) => /AccountName=(\w+)/.exec(connection)?.[1];
  await expect(openStorage(first, { further: [first] })).rejects.toThrow(
    `TESSERA_FURTHER_STORAGE: account 2 is ${name(second)} for good; ${name(first)} cannot take its place.`,
  );
});
