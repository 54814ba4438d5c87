/** The whole product on a storage account that nobody has a key of: as in Azure, by tokens and user delegation keys. */

import { rmSync } from 'node:fs';
import { dataConnection, storageAccess } from '../../lib/storage/access.ts';
import { Azurite, allowUploadsFrom } from '../../local/azurite.ts';
import { LocalIdentity } from '../../local/identity.ts';
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { freePorts, Runner } from '../harness/runner.ts';
import { rawTable } from '../harness/storage.ts';

const fail = (reason: string) => {
  throw new Error(reason);
};

describe('with the settings of an app in Azure', () => {
  let identity: LocalIdentity;
  let azurite: Azurite;
  let runner: Runner;
  let client: Client;
  let settings: Record<string, string>;
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = process.env;
  beforeAll(async () => {
    identity = await LocalIdentity.start();
    const port = await freePorts(3);
    azurite = await Azurite.start(port, null, fail, { keyless: identity.account });
    settings = { ...identity.settings(port), NODE_EXTRA_CA_CERTS: identity.certificate };
    // The clients of this process are the app's, too.
    process.env.IDENTITY_ENDPOINT = settings.IDENTITY_ENDPOINT;
    process.env.IDENTITY_HEADER = settings.IDENTITY_HEADER;
    runner = await Runner.start({ env: settings });
    await allowUploadsFrom([runner.url], storageAccess(settings, 'AzureWebJobsStorage'));
    client = new Client(runner);
  });
  afterAll(async () => {
    await runner?.stop();
    await azurite?.stop();
    identity?.stop();
    for (const [name, value] of Object.entries({ IDENTITY_ENDPOINT, IDENTITY_HEADER })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  test('an image that was uploaded by a link is worked on, and its result read by a link', async () => {
    await client.upload({ 'coins.png': fixture('coins.png') });
    const done = await client.submit('/api/tasks', { image: 'coins.png', operation: 'watershed' });
    expect(await client.finished(done.id)).toMatchObject({ state: 'Succeeded' });
    const location = (await client.fetch(`/api/tasks/${done.id}/result`)).headers.get('location') ?? '';
    const link = new URL(location);
    expect(link.protocol).toBe('https:');
    // Signed by a user delegation key: whose it is, and until when.
    expect([...link.searchParams.keys()]).toEqual(expect.arrayContaining(['skoid', 'sktid', 'ske', 'sig']));
    expect(new Date(link.searchParams.get('ske') ?? 0).getTime()).toBeGreaterThan(
      new Date(link.searchParams.get('se') ?? 0).getTime(),
    );
    const result = await fetch(link);
    expect([result.status, result.headers.get('content-type')]).toEqual([200, 'image/png']);
    link.searchParams.set('sp', 'rw');
    expect((await fetch(link)).status).toBe(403);
  });

  test('a result that is known already is copied', async () => {
    const request = { image: fixture('box.png'), fields: { operation: 'canny' } };
    expect(await client.run(request)).toMatchObject({ state: 'Succeeded', cached: false });
    const copied = await client.run(request);
    expect(copied).toMatchObject({ state: 'Succeeded', cached: true });
    expect((await client.fetch(`/api/tasks/${copied.id}/result?download=1`)).status).toBe(200);
  });

  test('a job of many is worked on', async () => {
    await client.upload(Object.fromEntries([1, 2, 3].map((i) => [`many/${i}.png`, fixture('box.png')])));
    const job = await client.submit('/api/jobs', { prefix: 'many/', operation: 'canny' });
    expect(await client.jobDone(job.id)).toMatchObject({ counts: { succeeded: 3, failed: 0 } });
  });

  test('tools reach the account in the same way', async () => {
    const jobs = await rawTable(storageAccess(settings, dataConnection(settings)), 'jobs');
    expect((await Array.fromAsync(jobs.listEntities())).length).toBeGreaterThan(0);
  });
});

test('`--identity` brings all of it up', async () => {
  const data = `.azurite-identity-${process.pid}`;
  const port = await freePorts(3);
  const runner = await Runner.start({ args: ['--identity', '--storage-port', String(port), '--data', data] });
  try {
    const client = new Client(runner);
    const task = await client.run({ image: fixture('box.png'), fields: { operation: 'canny' } });
    expect(task).toMatchObject({ state: 'Succeeded' });
    const location = (await client.fetch(`/api/tasks/${task.id}/result`)).headers.get('location') ?? '';
    expect(new URL(location).searchParams.has('skoid')).toBe(true);
  } finally {
    expect(await runner.stop()).toBe(0);
    rmSync(data, { recursive: true, force: true });
  }
});
