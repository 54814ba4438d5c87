/** Tasks and images are spread over two storage accounts, and nobody who calls the API can tell. */
import { openStorage } from '../../lib/storage/storage.ts';
import { resultsIn, tracesIn } from '../harness/accounts.ts';
import { Client, type TaskJson } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { writePng } from '../harness/png-writer.ts';
import { Runner } from '../harness/runner.ts';
import { askFor } from '../harness/shared/client.ts';
import { until } from '../harness/until.ts';

let accounts: string[];
let runner: Runner;
let client: Client;
beforeAll(async () => {
  accounts = [(await askFor('account')).connection, (await askFor('account')).connection];
  const [first, second] = accounts;
  const env = { TESSERA_FURTHER_STORAGE: second };
  runner = await Runner.start({ connection: first, args: ['--event-grid'], env });
  client = new Client(runner);
});
afterAll(() => runner?.stop());

const invert = { operation: 'invert' };

/** An image like no other. */
function gray(value: number): Buffer<ArrayBuffer> {
  const rows = Array.from({ length: 8 }, (_, y) => Array.from({ length: 8 }, (_, x) => (value + 8 * y + x) % 256));
  return writePng({ width: 8, bits: 8, colorType: 0, rows });
}

/** In which account the task's rows are. */
async function accountOf({ id }: { id: string }): Promise<number> {
  const [inFirst, inSecond] = await Promise.all(accounts.map((account) => tracesIn(account, id.split('-')[0])));
  const rowsIn = (traces: string[]) => traces.some((trace) => trace.includes(' task-'));
  expect(rowsIn(inFirst)).not.toBe(rowsIn(inSecond));
  return rowsIn(inFirst) ? 0 : 1;
}

test('a job is worked on in both, read as one, and leaves nothing in either', async () => {
  const files = Array.from({ length: 12 }, (_, i) => [`set/${String(i).padStart(2, '0')}.png`, gray(i)] as const);
  await client.upload(Object.fromEntries(files));
  const uploads = await Promise.all(accounts.map((account) => tracesIn(account, '/set/')));
  expect(Math.min(...uploads.map(({ length }) => length))).toBeGreaterThan(2);
  const listed = await listUploads('set/');
  expect(listed.sort()).toEqual(files.map(([name]) => name));
  const ofPrefix = await client.submit('/api/jobs', { prefix: 'set/', ...invert });
  expect(await client.jobDone(ofPrefix.id)).toMatchObject({ total: 12, counts: { succeeded: 12 } });
  const inOrder = await client.get(`/api/jobs/${ofPrefix.id}/tasks`);
  expect(inOrder.tasks.map(({ input }: TaskJson) => `set/${input.name}`)).toEqual(files.map(([name]) => name));

  const total = 95;
  const images = Array.from({ length: total }, (_, i) => files[i % files.length][0]);
  const { id } = await client.submit('/api/jobs', { images, ...invert });
  expect(await client.jobDone(id)).toMatchObject({ state: 'Completed', total, counts: { succeeded: total } });
  expect((await Promise.all(accounts.map((account) => resultsIn(account, id)))).sort()).toEqual([5, 90]);

  const { tasks } = await client.get(`/api/jobs/${id}/tasks?limit=100`);
  expect(tasks.map(({ input }: TaskJson) => `set/${input.name}`)).toEqual(images);
  for (const task of [tasks[0], tasks[94]]) {
    expect((await client.result(task)).length).toBeGreaterThan(0);
    const input = await client.fetch(`/api/tasks/${task.id}/input`, { redirect: 'follow' });
    expect(Buffer.from(await input.arrayBuffer())).toEqual(files[Number(task.id.split('-')[1]) % files.length][1]);
    const shown = await client.get(`/api/tasks/${task.id}?urls=1`);
    for (const url of [shown.urls?.input, shown.urls?.result]) expect((await fetch(url)).status).toBe(200);
  }
  const lines = await (await client.fetch(`/api/jobs/${id}/results?format=jsonl`)).text();
  expect(lines.trim().split('\n')).toHaveLength(total);
  const zip = Buffer.from(await (await client.fetch(`/api/jobs/${id}/results`)).arrayBuffer());
  expect(zip.readUInt16LE(zip.length - 12)).toBeGreaterThanOrEqual(total);

  expect((await client.send('DELETE', `/api/jobs/${id}`)).status).toBeLessThan(300);
  await until(async () => (await client.fetch(`/api/jobs/${id}`)).status === 404, { what: 'the job to be gone' });
  for (let more = true; more; ) ({ more } = await (await client.send('DELETE', '/api/uploads?prefix=set/')).json());
  for (const account of accounts) {
    expect(await tracesIn(account, id)).toEqual([]);
    expect(await tracesIn(account, 'uploads/')).toEqual([]);
  }
});

/** The names of all uploads below a prefix, page by page. */
async function listUploads(prefix: string): Promise<string[]> {
  const names: string[] = [];
  for (let next = ''; next !== null; ) {
    const page = await client.get(`/api/uploads?prefix=${prefix}&limit=5${next && `&continuation=${next}`}`);
    names.push(...page.images.map(({ name }: { name: string }) => name));
    next = page.next && encodeURIComponent(page.next);
  }
  return names;
}

test('a result that is known, and an image of an earlier task, are copied to wherever the new task is', async () => {
  const first = await client.run({ image: fixture('box.png'), fields: invert });
  const home = await accountOf(first);
  const result = await client.result(first);
  const seen = new Set<number>();
  for (let tries = 0; seen.size < 2 && tries < 20; tries++) {
    const again = await client.run({ image: fixture('box.png'), fields: invert });
    expect(again).toMatchObject({ state: 'Succeeded', cached: true });
    expect((await client.result(again)).equals(result)).toBe(true);
    const { id } = await client.submit('/api/tasks', { from: first.id, operation: 'canny' });
    const other = await client.finished(id);
    expect(other).toMatchObject({ state: 'Succeeded', input: { width: first.input.width } });
    seen.add((await accountOf(again)) === home ? 0 : 1);
  }
  expect([...seen].sort()).toEqual([0, 1]);
});

test('a request that is repeated has its answer, and a canceled job is worked on after a retry', async () => {
  const headers = { 'Idempotency-Key': 'once' };
  const ask = async () => (await client.post({ image: gray(200), fields: invert }, headers)).json();
  const [first, second] = [await ask(), await ask()];
  expect(second).toEqual(first);
  await client.finished((first as TaskJson).id);
  await client.upload({ 'some/a.png': gray(1), 'some/no.png': Buffer.from('text') });
  const { id } = await client.submit('/api/jobs', { prefix: 'some/', ...invert });
  expect(await client.jobDone(id)).toMatchObject({ counts: { succeeded: 1, failed: 1 } });
  expect((await client.send('POST', `/api/jobs/${id}/retry`)).status).toBeLessThan(300);
  expect(await client.jobDone(id)).toMatchObject({ counts: { succeeded: 1, failed: 1 } });
  const earlier = await client.submit('/api/jobs', { from: id, operation: 'flip' });
  expect(await client.jobDone(earlier.id)).toMatchObject({ total: 2, counts: { succeeded: 1 } });
});

test('an image that is dropped in the intake is done in the first account, where it lies', async () => {
  const { intake, outbox } = await openStorage(accounts[0]);
  await intake.putText('edges/pipeline.json', '{"operation": "canny"}');
  await intake.put('edges/box.png', fixture('box.png'), 'image/png');
  await until(() => outbox.properties('edges/box.png.png'), { what: 'the result in the outbox' });
  const view = await until(() => outbox.text('edges/box.png.json'), { what: 'the task in the outbox' });
  expect(await accountOf(JSON.parse(view))).toBe(0);
});
