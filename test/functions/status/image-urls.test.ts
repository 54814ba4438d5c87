/** What is given of a task's images and measurements, also when blobs were replaced or deleted meanwhile. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { strFromU8, unzipSync } from 'fflate';
import { resultZip } from '../../../lib/http/job-results.ts';
import { newJobId } from '../../../lib/model/ids.ts';
import { resultBlob, uploadBlob } from '../../../lib/storage/blob-names.ts';
import { storeMeasurements } from '../../../lib/storage/measurements.ts';
import { openStorage, type Storage } from '../../../lib/storage/storage.ts';
import { submitTask } from '../../../lib/tasks/submit-task.ts';
import { Account } from '../../harness/account.ts';
import { type Api, startApi } from '../../harness/api.ts';
import { Client, type TaskJson } from '../../harness/client.ts';
import { fixture } from '../../harness/fixtures.ts';

let account: Account;
let api: Api;
let client: Client;
let storage: Storage;
beforeAll(async () => {
  account = await Account.start();
  [storage, api] = await Promise.all([openStorage(account.connection), startApi(account.connection)]);
  client = new Client(api);
});
afterAll(async () => {
  await api.stop();
  await account.stop();
});

const image = fixture('box.png');
const other = Buffer.concat([fixture('coins.png')]);

/** The problem type and field of an answer that must be one. */
async function refusal(path: string): Promise<[status: number, type: string]> {
  const response = await client.fetch(path);
  const { type } = (await response.json()) as { type: string };
  return [response.status, type.replace('urn:tessera:problem:', '')];
}

/** A task whose image was uploaded before. */
async function uploaded(name: string): Promise<TaskJson> {
  await client.upload({ [name]: image });
  return client.submit('/api/tasks', { image: name, operation: 'canny' });
}

/** A task that is done, without anyone having worked on it. */
async function done({ name = 'a.png', measurements = [{}] as object[] } = {}) {
  const jobId = newJobId();
  const blob = `${jobId}/0/result`;
  await storage.results.put(blob, image, 'image/png');
  const input = { blob: 'none', name, contentType: 'image/png', bytes: 1, width: 1, height: 1 };
  const steps = [{ operation: 'canny', params: {} }];
  const queued = await submitTask(storage, {
    jobId,
    owner: 'anonymous',
    requestId: 'test',
    createdAt: new Date(),
    steps,
    output: {},
    page: 1,
    input,
    reference: null,
    callbackUrl: null,
    cacheKey: null,
  });
  const tasks = storage.tasks;
  return tasks.apply(await tasks.apply(queued, 'start'), 'succeed', {
    finishedAt: new Date(),
    result: { blob, contentType: 'image/png', bytes: 1, width: 1, height: 1 },
    measurements: await storeMeasurements(storage.results, queued.id, measurements as Record<string, unknown>[]),
  });
}

test('an uploaded image that was replaced is not given as the task’s', async () => {
  const task = await uploaded('replaced.png');
  const input = `/api/tasks/${task.id}/input`;
  const before = await client.fetch(`${input}?download=1`);
  expect(Buffer.from(await before.arrayBuffer()).equals(image)).toBe(true);
  await storage.inputs.put(uploadBlob('anonymous', 'replaced.png'), other, 'image/png');
  expect(await refusal(`${input}?download=1`)).toEqual([409, 'input-changed']);
  expect(await refusal(input)).toEqual([409, 'input-changed']);
  expect(await client.get(`/api/tasks/${task.id}?urls=1`)).toMatchObject({ urls: { input: null } });
  expect(await client.get(`/api/jobs/${task.jobId}/tasks?urls=1`)).toMatchObject({
    tasks: [{ urls: { input: null } }],
  });
});

test('an uploaded image that was deleted is said to be gone', async () => {
  const task = await uploaded('deleted.png');
  await client.send('DELETE', '/api/uploads?name=deleted.png');
  for (const query of ['', '?download=1'])
    expect(await refusal(`/api/tasks/${task.id}/input${query}`)).toEqual([404, 'input-not-found']);
  expect(await client.get(`/api/tasks/${task.id}?urls=1`)).toMatchObject({ urls: { input: null } });
});

test('a result that was deleted is said to be gone', async () => {
  const { id } = await done();
  await storage.results.delete(`${id.replace('-', '/')}/result`);
  for (const query of ['', '?download=1'])
    expect(await refusal(`/api/tasks/${id}/result${query}`)).toEqual([404, 'result-not-found']);
});

test('the length of a download is that of what is stored', async () => {
  const { id } = await done();
  const response = await client.fetch(`/api/tasks/${id}/result?download=1`);
  expect(response.headers.get('content-length')).toBe(String(image.length));
  expect(Buffer.from(await response.arrayBuffer()).equals(image)).toBe(true);
});

test('an archive that is left in the middle of a picture lets go of that picture', async () => {
  const { id } = await done();
  await storage.results.put(resultBlob(id), Buffer.alloc(32 * 2 ** 20), 'image/png');
  const closed = Promise.withResolvers<void>();
  const seen = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    if (request.path.includes(resultBlob(id))) request.once('close', closed.resolve);
  };
  subscribe('http.client.request.start', seen);
  for await (const chunk of resultZip(storage, { id: id.split('-')[0], total: 1 }))
    if ((chunk as Buffer).length > 1000) break;
  await closed.promise;
  unsubscribe('http.client.request.start', seen);
}, 20_000);

test('a name that earlier versions cut in the middle of a character harms nothing', async () => {
  const { id, etag } = await done({ name: `${'a'.repeat(254)}\ud83d` });
  expect(etag).not.toBe('');
  const jobId = id.split('-')[0];
  for (const path of [`tasks/${id}/result`, `tasks/${id}/result?download=1`])
    expect((await client.fetch(`/api/${path}`)).status).toBeLessThan(400);
  for (const path of [`tasks/${id}?urls=1`, `jobs/${jobId}/tasks?urls=1`]) await client.get(`/api/${path}`);
  const zip = await client.fetch(`/api/jobs/${jobId}/results`);
  const files = Object.keys(unzipSync(new Uint8Array(await zip.arrayBuffer())));
  expect(files).toEqual([expect.stringMatching(/-canny\.png$/), 'results.csv', 'tasks.jsonl']);
});

test.each(['../../../..evil.png', '..\\..\\evil.png', 'C:\\evil.png', '/etc/evil.png', `${'a'.repeat(254)}😀.png`])(
  'an image sent under the name %j has a plain one',
  async (name) => {
    const headers = { 'Content-Type': 'image/png' };
    const path = `/api/tasks?operation=canny&name=${encodeURIComponent(name)}`;
    const raw = (await (await client.fetch(path, { method: 'POST', headers, body: image })).json()) as TaskJson;
    const form = (await (await client.post({ image, name, fields: { operation: 'canny' } })).json()) as TaskJson;
    for (const { id, input } of [raw, form]) {
      expect(input.name).toMatch(/^(\.\.evil\.png|evil\.png|a{254})$/);
      expect((await client.fetch(`/api/tasks/${id}/input`)).status).toBe(302);
    }
  },
);

describe('measurements that have no room in a row', () => {
  const regions = Array.from({ length: 5000 }, (_, area) => ({ area }));

  test('are left out of lists, and given with their task', async () => {
    const { id } = await done({ measurements: [{ regions }] });
    const jobId = id.split('-')[0];
    expect((await client.get(`/api/tasks/${id}`)).measurements).toEqual([{ regions }]);
    expect((await client.get(`/api/jobs/${jobId}/tasks`)).tasks[0].measurements).toBeNull();
    const listed = (await client.get('/api/tasks?limit=1')).tasks;
    expect(listed[0]).toMatchObject({ id, measurements: null });
    const lines = await (await client.fetch(`/api/jobs/${jobId}/results?format=jsonl`)).text();
    expect(JSON.parse(lines).measurements).toEqual([{ regions }]);
  });

  test('may be deleted while their task is read', async () => {
    const { id } = await done({ measurements: [{ regions }] });
    const jobId = id.split('-')[0];
    await storage.results.delete(`${id.replace('-', '/')}/measurements.json`);
    expect((await client.get(`/api/tasks/${id}`)).measurements).toEqual([]);
    for (const format of ['jsonl', 'csv']) {
      const text = await (await client.fetch(`/api/jobs/${jobId}/results?format=${format}`)).text();
      expect(text).toContain(id);
    }
    const zip = await client.fetch(`/api/jobs/${jobId}/results`);
    const files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
    expect(JSON.parse(strFromU8(files['tasks.jsonl'])).id).toBe(id);
  });
});
