/** The clean-up comes to its end whatever callers did to their uploads, and however much there is. */

import { cleanUp } from '../../lib/recovery/clean-up.ts';
import type { Storage } from '../../lib/storage/storage.ts';
import { loggedBy } from '../harness/log.ts';
import { rawContainer } from '../harness/storage.ts';
import { useProxiedAccount } from '../harness/use.ts';

const day = 24 * 3600_000;
const later = () => Date.now() + 3 * day;

const account = useProxiedAccount({ retries: 0 });

async function put(container: keyof Pick<Storage, 'inputs' | 'results'>, name: string) {
  const blob = (await rawContainer(account.connection, container)).getBlockBlobClient(name);
  await blob.upload('x', 1);
  return blob;
}

async function names(): Promise<string[]> {
  const { inputs, results } = account.storage;
  const listed = await Promise.all(
    [inputs, results].map((container) => Array.fromAsync(container.list(), ({ name }) => name)),
  );
  return listed.flat();
}

afterEach(async () => {
  account.proxy.treat = () => 'pass';
  await cleanUp(account.storage, 0, later());
  expect(await names()).toEqual([]);
});

test('uploads with snapshots or a lease without end are deleted, and those behind them', async () => {
  for (let i = 0; i < 20; i++) await (await put('inputs', `uploads/bob/${i}.png`)).createSnapshot();
  await (await put('inputs', 'uploads/bob/leased.png')).getBlobLeaseClient().acquireLease(-1);
  await put('inputs', 'uploads/carl/a.png');
  await put('results', 'job/0/result');
  await cleanUp(account.storage, day, later());
  expect(await names()).toEqual([]);
});

test('a blob that cannot be deleted is named in the log, and all others go', async () => {
  await put('inputs', 'uploads/bob/held.png');
  await put('inputs', 'uploads/carl/a.png');
  await put('results', 'job/0/result');
  account.proxy.treat = ({ method, path }) => (method === 'DELETE' && path.includes('held.png') ? 'refuse' : 'pass');
  const { lines } = await loggedBy(() => cleanUp(account.byProxy, day, later()));
  expect(await names()).toEqual(['uploads/bob/held.png']);
  expect(lines).toContainEqual(
    expect.objectContaining({ event: 'clean-up-failed', section: 'uploads', blob: 'uploads/bob/held.png' }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ event: 'cleaned-up', blobs: 2, failed: 1 }));
});

test('a part that fails does not keep the others from being done', async () => {
  await put('inputs', 'uploads/bob/a.png');
  await put('results', 'job/0/result');
  account.proxy.treat = ({ service, path }) => (service === 'Table' && path.startsWith('/jobs(') ? 'refuse' : 'pass');
  const { lines } = await loggedBy(() => cleanUp(account.byProxy, day, later()));
  expect(await names()).toEqual([]);
  expect(lines).toContainEqual(expect.objectContaining({ event: 'clean-up-failed', section: 'jobs' }));
});

test('an upload that is too long for any work goes at once', async () => {
  await put('inputs', 'uploads/bob/a.png');
  await account.storage.inputs.putText('uploads/bob/long.png', 'x'.repeat(11));
  await cleanUp(account.storage, day, Date.now(), { maxUploadBytes: 10 });
  expect(await names()).toEqual(['uploads/bob/a.png']);
});

test('answers to requests stay for a day, however short the retention', async () => {
  await put('inputs', 'requests/bob/request-x');
  await cleanUp(account.storage, 0, Date.now() + 0.9 * day);
  expect(await names()).toEqual(['requests/bob/request-x']);
});

test('runs that are too short for all go on where the one before has ended', async () => {
  const kept = Array.from({ length: 6 }, (_, i) => `uploads/bob/${i}.png`);
  for (const name of kept) await put('inputs', name);
  const limits = { runMs: 0, pageBlobs: 2 };
  // What may stay fills the first pages; what must go is behind it.
  await put('inputs', 'tasks/job/image');
  await put('results', 'job/0/result');
  const now = Date.now() + 1.5 * day;
  for (let run = 0; run < 40; run++) await cleanUp(account.storage, day, now, limits);
  expect((await names()).sort()).toEqual(['job/0/result', ...kept, 'tasks/job/image'].sort());
  for (let run = 0; run < 40; run++) await cleanUp(account.storage, day, later(), limits);
  expect(await names()).toEqual([]);
});
