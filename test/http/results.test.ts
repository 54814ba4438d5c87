/** All that a job has brought, in one file. */
import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import { Client, type TaskJson } from '../harness/client.ts';
import { plain } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';

let runner: Runner;
let client: Client;
let jobId: string;
beforeAll(async () => {
  runner = await Runner.start();
  client = new Client(runner);
  await client.upload({
    'sheet/coins.png': fixture('coins.png'),
    'sheet/=1+1, "quoted".png': fixture('box.png'),
    'sheet/no image.png': Buffer.from('text'),
  });
  const steps = [{ operation: 'grayscale' }, { operation: 'canny', params: { blur: 1 } }];
  ({ id: jobId } = await client.submit('/api/jobs', { name: 'Größe', prefix: 'sheet/', steps }));
  await client.jobDone(jobId);
});
afterAll(() => runner.stop());

test('the ZIP has each picture as it is by itself, and the tasks', async () => {
  const response = await client.fetch(`/api/jobs/${jobId}/results`);
  expect(response.headers.get('content-type')).toBe('application/zip');
  expect(response.headers.get('content-disposition')).toContain("filename*=UTF-8''Gr%C3%B6%C3%9Fe.zip");
  const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
  const { tasks } = (await client.get(`/api/jobs/${jobId}/tasks`)) as { tasks: TaskJson[] };
  const coins = tasks.find(({ input }) => input.name === 'coins.png') as TaskJson;
  const index = coins.id.split('-')[1].padStart(6, '0');
  expect(Object.keys(files)).toHaveLength(4);
  expect((await client.result(coins)).equals(files[`${index}-coins-canny.png`])).toBe(true);
  const lines = strFromU8(files['tasks.jsonl']).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(tasks);
  const table = await (await client.fetch(`/api/jobs/${jobId}/results?format=csv`)).text();
  expect(strFromU8(files['results.csv'])).toBe(table);
});

test('JSON Lines are the tasks as the API shows them', async () => {
  const text = await (await client.fetch(`/api/jobs/${jobId}/results?format=jsonl`)).text();
  const { tasks } = await client.get(`/api/jobs/${jobId}/tasks`);
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(tasks);
});

test('the table has a column for each measurement, and nothing that a spreadsheet would carry out', async () => {
  const response = await client.fetch(`/api/jobs/${jobId}/results?format=csv`);
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const rows: Record<string, string>[] = parse(await response.text(), { columns: true });
  const { tasks } = (await client.get(`/api/jobs/${jobId}/tasks`)) as { tasks: TaskJson[] };
  expect(rows).toHaveLength(3);
  const byName = (name: string) => rows.find((row) => row.name.includes(name));
  const coins = tasks.find(({ input }) => input.name === 'coins.png') as TaskJson;
  expect(byName('coins')).toMatchObject({
    state: 'Succeeded',
    'canny.edgePixels': String(coins.measurements[1].edgePixels),
    'canny.edgeFraction': String(coins.measurements[1].edgeFraction),
  });
  expect(byName('quoted')?.name).toBe('\'=1+1, "quoted".png');
  expect(byName('no image')).toMatchObject({ state: 'Failed', error: expect.stringMatching(/\w/) });
});

test('objects come as a row each, with all that was measured on them', async () => {
  const { id } = await client.submit('/api/jobs', {
    images: ['sheet/coins.png', 'sheet/coins.png'],
    operation: 'watershed',
  });
  await client.jobDone(id);
  const rows: Record<string, string>[] = parse(
    await (await client.fetch(`/api/jobs/${id}/results?format=objects-csv`)).text(),
    { columns: true },
  );
  const { tasks } = (await client.get(`/api/jobs/${id}/tasks`)) as { tasks: TaskJson[] };
  expect(rows).toHaveLength(48);
  const { measurements } = await client.task(tasks[0].id);
  // biome-ignore lint/suspicious/noExplicitAny: each operation measures something else.
  const [first] = measurements[0].objects as any[];
  expect(rows[0]).toMatchObject({
    task: tasks[0].id,
    image: 'coins.png',
    operation: 'watershed',
    list: 'objects',
    number: '1',
    area: String(first.area),
    'centroid.x': String(first.centroid.x),
    'intensity.gray.mean': String(first.intensity.gray.mean),
  });
});

test('the table of a task has the same columns whatever was found, channels last', async () => {
  const tableOf = async (image: Buffer<ArrayBuffer>, operation: string) => {
    const { id } = await client.run({ image, fields: { operation } });
    const response = await client.fetch(`/api/tasks/${id}/objects`);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [header, ...rows] = parse(await response.text()) as string[][];
    return { header, rows };
  };
  const coins = await tableOf(fixture('coins.png'), 'watershed');
  const none = await tableOf(Buffer.from(await plain('#808080')), 'watershed');
  expect([coins.rows.length, none.rows.length]).toEqual([24, 0]);
  expect(none.header.slice(0, 9)).toEqual([
    ...['task', 'image', 'step', 'operation', 'list', 'number'],
    ...['id', 'area', 'perimeter'],
  ]);
  expect(coins.header.slice(0, none.header.length)).toEqual(none.header);
  expect(coins.header.slice(none.header.length).every((name) => name.startsWith('intensity.gray.'))).toBe(true);
});

test('the depth that is asked for is kept with the task and with the tasks of a job', async () => {
  const image = Buffer.from(fixture('chessboard_GRAY_U16.tif'));
  const task = await client.run({ image, fields: { operation: 'median-blur', depth: 'range' } });
  expect(task).toMatchObject({ depth: 'range', input: { reducedFrom: { min: expect.any(Number) } } });
  await client.upload({ 'deep/board.tif': image });
  const work = { images: ['deep/board.tif'], operation: 'median-blur', depth: 'full' };
  const { id } = await client.submit('/api/jobs', work);
  const job = await client.jobDone(id);
  const { tasks } = (await client.get(`/api/jobs/${id}/tasks`)) as { tasks: TaskJson[] };
  expect([job, tasks[0]]).toMatchObject([
    { depth: 'full' },
    { depth: 'full', input: { reducedFrom: { max: 65_535 } } },
  ]);
});

test('negative numbers stay numbers', async () => {
  const { id } = await client.submit('/api/jobs', {
    images: ['sheet/coins.png'],
    operation: 'feature-matching',
    reference: 'sheet/coins.png',
  });
  await client.jobDone(id);
  const { tasks } = await client.get(`/api/jobs/${id}/tasks`);
  const text = await (await client.fetch(`/api/jobs/${id}/results?format=csv`)).text();
  expect(tasks[0].state).toBe('Succeeded');
  expect(text).not.toMatch(/(^|,)"?'-\d/m);
});

test('an unknown format is refused', async () => {
  expect((await client.fetch(`/api/jobs/${jobId}/results?format=xml`)).status).toBe(400);
});

test('what has failed is a file of its own, with the reason', async () => {
  const response = await client.fetch(`/api/jobs/${jobId}/results?format=failures-csv`);
  expect(response.headers.get('content-disposition')).toContain('-failures.csv');
  const rows: Record<string, string>[] = parse(await response.text(), { columns: true });
  expect(rows).toEqual([
    expect.objectContaining({ name: 'no image.png', type: 'unsupported-image', detail: expect.stringMatching(/JPEG/) }),
  ]);
});

test('a task a line has the values alone, and how long lists are', async () => {
  const { id } = await client.submit('/api/jobs', { images: ['sheet/coins.png'], operation: 'k-means' });
  await client.jobDone(id);
  const values = async (job: string) => {
    const text = await (await client.fetch(`/api/jobs/${job}/results?format=values-jsonl`)).text();
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  const { tasks } = (await client.get(`/api/jobs/${jobId}/tasks`)) as { tasks: TaskJson[] };
  const coins = tasks.find(({ input }) => input.name === 'coins.png') as TaskJson;
  const { edgePixels, edgeFraction } = coins.measurements[1];
  const lines = await values(jobId);
  expect(lines.map(({ index }) => index)).toEqual([0, 1, 2]);
  expect(lines.find(({ name }) => name === 'coins.png')).toMatchObject({
    id: coins.id,
    state: 'Succeeded',
    error: null,
    values: { 'canny.edgePixels': edgePixels, 'canny.edgeFraction': edgeFraction },
  });
  expect(lines.find(({ state }) => state === 'Failed')).toMatchObject({ name: 'no image.png', values: {} });
  const [{ measurements }] = (await client.get(`/api/jobs/${id}/tasks`)).tasks;
  expect((await values(id))[0].values).toMatchObject({ 'k-means.classes': measurements[0].classes.length });
});
