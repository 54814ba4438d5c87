/** A task as its owner sees it, from the upload to the saved file. */
import sharp from 'sharp';
import { request, type TaskJson } from '../harness/client.ts';
import { dicomFile } from '../harness/dicom.ts';
import { fixture } from '../harness/fixtures.ts';
import { useRunner } from '../harness/use.ts';

const { client } = useRunner();

test('the answer to a POST is the task, where to find it and when to ask', async () => {
  const response = await client.post(request('fruits.jpg', 'canny', { blur: 1.5 }));
  expect(response.status).toBe(202);
  const task = (await response.json()) as TaskJson;
  expect(response.headers.get('location')).toBe(`/api/tasks/${task.id}`);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(task).toMatchObject({
    state: 'Queued',
    attempts: 0,
    input: { name: 'fruits.jpg', contentType: 'image/jpeg', bytes: 82429, width: 512, height: 480 },
    steps: [{ operation: 'canny', params: { blur: 1.5, lowThreshold: 100, highThreshold: 200, apertureSize: 3 } }],
    result: null,
    error: null,
  });
  expect(task.id).toBe(`${task.jobId}-0`);
});

test('a finished task tells of its result, its times and its measurements', async () => {
  const task = await client.run(request('fruits.jpg', 'watershed'));
  expect(task).toMatchObject({ state: 'Succeeded', attempts: 1, error: null });
  expect(task.result).toMatchObject({
    contentType: 'image/jpeg',
    width: 512,
    height: 480,
    href: `/api/tasks/${task.id}/result`,
  });
  expect(Object.keys(task.timings).sort()).toEqual(
    ['decodeMs', 'downloadMs', 'encodeMs', 'processMs', 'queuedMs', 'uploadMs', 'waitMs'].sort(),
  );
  expect(Object.values(task.timings).every((ms) => ms >= 0)).toBe(true);
  expect(Date.parse(task.finishedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(task.startedAt ?? ''));
  expect(task.measurements).toHaveLength(1);
});

test('a task is read again only when it has changed', async () => {
  const { id } = await client.run(request('coins.png', 'canny'));
  const first = await client.fetch(`/api/tasks/${id}`);
  const etag = first.headers.get('etag') ?? '';
  const second = await client.fetch(`/api/tasks/${id}`, { headers: { 'If-None-Match': etag } });
  expect(second.status).toBe(304);
  expect(await second.text()).toBe('');
  expect((await client.fetch(`/api/tasks/${id}`, { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
});

test('waiting with the version one has gives the next one', async () => {
  const { id } = (await (await client.post(request('graf1.png', 'face-detection'))).json()) as TaskJson;
  const states = new Set<string>();
  let etag = '"none"';
  for (let state = ''; state !== 'Succeeded'; ) {
    const response = await client.fetch(`/api/tasks/${id}?wait=20`, { headers: { 'If-None-Match': etag } });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).not.toBe(etag);
    etag = response.headers.get('etag') ?? '';
    ({ state } = (await response.json()) as TaskJson);
    states.add(state);
  }
  expect([...states].every((state) => ['Queued', 'Running', 'Succeeded'].includes(state))).toBe(true);
});

test('the result and the input are links that work, or bytes to save', async () => {
  const task = await client.run({ ...request('coins.png', 'canny'), name: 'Münzen (alt).png' });
  for (const [path, expected] of [
    [task.result?.href ?? '', await client.result(task)],
    [task.links.input, fixture('coins.png')],
  ] as const) {
    const link = await client.fetch(path);
    expect(link.status).toBe(302);
    const linked = await fetch(link.headers.get('location') ?? '');
    expect(linked.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await linked.arrayBuffer()).equals(expected)).toBe(true);
    const saved = await client.fetch(`${path}?download=1`);
    expect(saved.headers.get('content-disposition')).toMatch(
      /^attachment; .*filename\*=UTF-8''M%C3%BCnzen%20%28alt%29/,
    );
    expect(saved.headers.get('content-length')).toBe(String(expected.length));
    expect(Buffer.from(await saved.arrayBuffer()).equals(expected)).toBe(true);
  }
});

test('the link to a result cannot be changed to another blob', async () => {
  const [one, other] = [await client.run(request('coins.png', 'canny')), await client.run(request('box.png', 'canny'))];
  const link = (await client.fetch(`/api/tasks/${one.id}/result`)).headers.get('location') ?? '';
  expect((await fetch(link.replace(one.jobId, other.jobId))).status).toBe(403);
});

test('raw bytes with the operation in the query do as well as a form', async () => {
  const query = new URLSearchParams({ operation: 'canny', lowThreshold: '50', l2Gradient: 'true', name: 'raw.png' });
  const headers = { 'Content-Type': 'image/png' };
  const response = await client.fetch(`/api/tasks?${query}`, { method: 'POST', body: fixture('coins.png'), headers });
  expect(response.status).toBe(202);
  const task = await client.finished(((await response.json()) as TaskJson).id);
  expect(task.input.name).toBe('raw.png');
  expect(task.steps[0].params).toMatchObject({ lowThreshold: 50, l2Gradient: true });
});

test('parameters can be form fields of their own', async () => {
  const task = await client.run({
    image: fixture('coins.png'),
    fields: { operation: 'watershed', threshold: 'otsu', opening: '3' },
  });
  expect(task.steps[0].params).toMatchObject({ threshold: 'otsu', opening: 3 });
});

test('a large image arrives whole', async () => {
  const noise = Buffer.alloc(3000 * 2000 * 3);
  for (let i = 0, x = 1; i < noise.length; i++) noise[i] = x = ((x * 73 + 41) & 0xff) ^ (i >> 7);
  const image = await sharp(noise, { raw: { width: 3000, height: 2000, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const task = await client.run({ image: Buffer.from(image), fields: { operation: 'grayscale' } });
  expect(task.input).toMatchObject({ bytes: image.length, width: 3000, height: 2000 });
  const result = await sharp(await client.result(task)).metadata();
  expect(result).toMatchObject({ width: 3000, height: 2000 });
});

test('measurements too many for a row are all there', async () => {
  const dots = Buffer.alloc(600 * 600);
  for (let y = 5; y < 600; y += 12)
    for (let x = 5; x < 600; x += 12) for (let d = 0; d < 16; d++) dots[(y + (d >> 2)) * 600 + x + (d & 3)] = 255;
  const image = await sharp(dots, { raw: { width: 600, height: 600, channels: 1 } })
    .png()
    .toBuffer();
  const params = { minSize: 0, blur: 0, opening: 0, flatten: false, fillHoles: false };
  const task = await client.run({ image: Buffer.from(image), fields: { operation: 'watershed', params } });
  expect(task.measurements[0].count).toBe(2500);
  expect(task.measurements[0].objects).toHaveLength(2500);
});

test('a failing step of several is named', async () => {
  const noise = await sharp({ create: { width: 400, height: 400, channels: 3, background: '#777' } })
    .png()
    .toBuffer();
  const steps = [
    { operation: 'grayscale' },
    { operation: 'watershed', params: { output: 'labels' } },
    { operation: 'equalize' },
  ];
  const task = await client.run({ image: Buffer.from(noise), fields: { steps } });
  expect(task.error).toMatchObject({ step: 2, operation: 'equalize' });
});

test('a preset runs its steps and makes its output', async () => {
  const task = await client.run({ image: fixture('coffee.png'), fields: { preset: 'thumbnail' } });
  expect(task.steps.map(({ operation }) => operation)).toEqual(['resize', 'sharpen']);
  expect(task.measurements).toHaveLength(2);
  expect(task.result).toMatchObject({ contentType: 'image/webp', width: 400, height: 267 });
});

test('the output is encoded as asked; an operation may have an output of its own', async () => {
  const fields = { operation: 'watershed', params: { output: 'labels' }, output: { format: 'tiff', width: 192 } };
  const task = await client.run({ image: fixture('coins.png'), fields });
  expect(task.result).toMatchObject({ contentType: 'image/tiff', width: 192, height: 152 });
  expect(await sharp(await client.result(task)).metadata()).toMatchObject({ depth: 'ushort', width: 192 });
  const own = await client.run({
    image: fixture('coins.png'),
    fields: { operation: 'watershed', output: 'boundaries' },
  });
  expect(own.steps[0].params).toMatchObject({ output: 'boundaries' });
});

test('a frame of a DICOM file goes the whole way, its values in their own unit', async () => {
  const samples = Int16Array.from({ length: 2 * 64 * 64 }, (_, i) => (i < 64 * 64 ? -500 : 700));
  const image = await dicomFile({ width: 64, height: 64, samples, elements: { NumberOfFrames: 2 } });
  const fields = { operation: 'window-level', params: { center: 700, width: 101 }, page: '2' };
  const task = await client.run({ image, name: 'scan.dcm', fields });
  expect(task.input).toMatchObject({ contentType: 'application/dicom', width: 64, height: 64 });
  const { channels } = await sharp(await client.result(task)).stats();
  expect(Math.abs(channels[0].mean - 128)).toBeLessThanOrEqual(2);
});

test('the operations are listed with their parameters, defaults and units', async () => {
  const response = await client.fetch('/api/operations');
  // biome-ignore lint/suspicious/noExplicitAny: a JSON Schema
  const { operations, presets } = (await response.json()) as Record<string, { name: string; params?: any }[]>;
  const canny = operations.find(({ name }) => name === 'canny');
  expect(canny).toMatchObject({
    title: 'Canny edges',
    inputs: ['image'],
    params: { type: 'object', additionalProperties: false },
  });
  expect(canny?.params.properties.lowThreshold).toMatchObject({ type: 'number', minimum: 0, default: 100 });
  expect(canny?.params.properties.blur.unit).toBe('px');
  expect(operations.length).toBeGreaterThan(50);
  expect(presets.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['document-scan', 'cell-count', 'anonymize', 'edge-sketch']),
  );
});

test('health is good while the storage answers', async () => {
  const response = await client.fetch('/api/health');
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ status: 'ok' });
});
