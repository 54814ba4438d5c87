/** Tasks and images in two storages, each with a life of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountOfPartition } from '../../lib/storage/placement.ts';
import { Account } from '../harness/account.ts';
import { resultsIn, tracesIn } from '../harness/accounts.ts';
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';
import { until } from '../harness/until.ts';

let folders: string[];
let storages: Account[];
let api: Runner;
/** It works on tasks too, beside `api`. */
let worker: Runner;
let client: Client;
beforeAll(async () => {
  folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'accounts-')));
  storages = await Promise.all(folders.map((folder) => Account.start(folder)));
  const [{ connection: first }, { connection: second }] = storages;
  const env = {
    AzureWebJobsStorage: first,
    TESSERA_FURTHER_STORAGE: second,
    INSTANCE_SILENT_SECONDS: '3',
    REASSIGN_SCHEDULE: '*/2 * * * * *',
  };
  api = await Runner.start({ env });
  worker = await Runner.start({ args: ['--only', 'process'], env });
  client = new Client(api);
  await client.upload({ 'one.png': fixture('box.png') });
}, 180_000);
afterAll(async () => {
  await Promise.all([api, worker].map((runner) => runner?.stop()));
  await Promise.all((storages ?? []).map((storage) => storage.stop()));
  for (const folder of folders ?? []) rmSync(folder, { recursive: true, force: true });
});

/** Two blocks: one in each storage. */
const total = 120;

async function submitJob(blur: number): Promise<string> {
  const images = Array(total).fill('one.png');
  return (await client.submit('/api/jobs', { images, operation: 'canny', params: { blur } })).id;
}

/** Waits until the job is in the middle. */
async function begun(id: string): Promise<void> {
  const isBegun = async () => (await client.get(`/api/jobs/${id}`)).counts.succeeded >= 20;
  await until(isBegun, { within: 60, what: 'the first tasks to be done' });
}

async function resultsOf(id: string): Promise<number[]> {
  return Promise.all(storages.map(({ connection }) => resultsIn(connection, id)));
}

test('an instance is killed in the middle of a job: all tasks are done, in both storages, and deletion leaves nothing', async () => {
  const id = await submitJob(1);
  await begun(id);
  worker.process.kill('SIGKILL');
  expect(await client.jobDone(id, 80)).toMatchObject({ state: 'Completed', counts: { succeeded: total, failed: 0 } });
  expect((await resultsOf(id)).sort((a, b) => a - b)).toEqual([30, 90]);
  expect((await client.send('DELETE', `/api/jobs/${id}`)).status).toBeLessThan(300);
  await until(async () => (await client.fetch(`/api/jobs/${id}`)).status === 404, { what: 'the job to be gone' });
  for (const { connection } of storages) expect(await tracesIn(connection, id)).toEqual([]);
}, 180_000);

test('one storage is down: what needs it is refused, what does not is accepted, and nothing is lost', async () => {
  const id = await submitJob(2);
  await begun(id);
  await storages[1].stop();
  // What was read a moment ago is given once more.
  const refused = await until(() => refusedJob(id), { what: 'the job to be refused' });
  expect(await refused.json()).toMatchObject({ type: 'urn:tessera:problem:storage-unavailable' });
  const accepted = await until(submitTask, { within: 60, what: 'a task to be accepted' });
  expect(accountOfPartition(accepted.split('-')[0])).toBe(0);
  await storages[1].startAgain();
  expect(await client.finished(accepted, 80)).toMatchObject({ state: 'Succeeded' });
  expect(await client.jobDone(id, 80)).toMatchObject({ state: 'Completed', counts: { succeeded: total, failed: 0 } });
  expect((await resultsOf(id)).sort((a, b) => a - b)).toEqual([30, 90]);
}, 180_000);

async function refusedJob(id: string): Promise<Response | null> {
  const response = await client.fetch(`/api/jobs/${id}`);
  return response.status === 503 ? response : null;
}

/** The id of a new task; null where it would lie in the storage that is down. */
async function submitTask(): Promise<string | null> {
  const response = await client.post({ image: fixture('box.png'), fields: { operation: 'flip' } });
  return response.status === 503 ? null : ((await response.json()) as { id: string }).id;
}
