/** GET /api/estimate: time and cost before anything is submitted. */
import { z } from 'zod';
import { estimateFields } from '../../lib/http/calls/estimate.ts';
import { operations } from '../../lib/operations/registry.ts';
import { type Api, startApi } from '../harness/api.ts';
import { Client } from '../harness/client.ts';
import { useTwoAccounts } from '../harness/use.ts';

const accounts = useTwoAccounts();
let api: Api;
let client: Client;
beforeAll(async () => {
  const [first, second] = accounts.connections;
  api = await startApi(first, { TESSERA_FURTHER_STORAGE: second, MAX_IMAGE_MEGABYTES: '10', RETENTION_DAYS: '3' });
  client = new Client(api);
});
afterAll(() => api.stop());

const ask = (query: Record<string, unknown>) => {
  const texts = Object.entries(query).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return `/api/estimate?${new URLSearchParams(texts)}`;
};
const canny = { images: 1000, operation: 'canny' };

test('a thousand images: phases and costs add up, prices and assumptions are named', async () => {
  const answer = await client.get(ask(canny));
  const { image, cost, prices, assumptions, instances, seconds } = answer;
  expect(image.steps).toHaveLength(1);
  expect(image.decodeSeconds + image.steps[0].seconds + image.encodeSeconds).toBeCloseTo(image.seconds, 2);
  const { currency, total, ...parts } = cost;
  expect(currency).toBe('USD');
  const sum = Object.values<number>(parts).reduce((a, b) => a + b);
  expect(Math.abs(sum / total - 1)).toBeLessThan(0.002);
  expect(Object.keys(parts)).toEqual(['compute', 'requests', 'capacity', 'telemetry', 'egress']);
  expect(prices).toEqual({
    region: expect.any(String),
    date: expect.stringMatching(/^\d{4}-\d\d$/),
    kind: expect.any(String),
  });
  expect(assumptions).toContainEqual(expect.objectContaining({ name: 'retentionDays', value: 3 }));
  expect(assumptions).toContainEqual(expect.objectContaining({ name: 'storageAccounts', value: 2 }));
  expect(instances).toBeGreaterThan(0);
  expect(seconds).toBeGreaterThan((1000 * image.seconds) / instances);
});

test('an operation with parameters, steps and a preset ask for the same work as when it is submitted', async () => {
  const step = { operation: 'resize', params: { width: 300 } };
  const [byFields, byParams, bySteps] = await Promise.all([
    client.get(ask({ images: 10, operation: 'resize', width: 300 })),
    client.get(ask({ images: 10, operation: 'resize', params: step.params })),
    client.get(ask({ images: 10, steps: [step] })),
  ]);
  expect(byFields).toEqual(bySteps);
  expect(byParams).toEqual(bySteps);
  await client.submit('/api/presets', { name: 'small', steps: [step] });
  expect(await client.get(ask({ images: 10, preset: 'small' }))).toEqual(bySteps);
  const builtIn = await client.get(ask({ images: 10, preset: 'cell-count' }));
  expect(builtIn.image.steps.length).toBeGreaterThan(1);
});

test('more, larger and heavier images cost more; fewer instances take longer', async () => {
  const [base, more, larger, heavier, fewer, kept] = await Promise.all(
    [
      { ...canny, images: 100_000 },
      { ...canny, images: 200_000 },
      { ...canny, images: 100_000, megapixels: 24 },
      { images: 100_000, operation: 'watershed' },
      { images: 100_000, operation: 'watershed', maximumInstances: 10 },
      { ...canny, images: 100_000, downloads: 0 },
    ].map((query) => client.get(ask(query))),
  );
  for (const other of [more, larger, heavier]) expect(other.cost.total).toBeGreaterThan(base.cost.total);
  for (const other of [more, heavier]) expect(other.seconds).toBeGreaterThan(base.seconds);
  expect(fewer.seconds).toBeGreaterThan(3 * heavier.seconds);
  expect(fewer).toMatchObject({ instances: 10, limitedBy: 'maximum-instances' });
  expect(kept.cost.egress).toBe(0);
  expect(base.cost.egress).toBeGreaterThan(0);
});

test('what limits is named, and the walls come lowest first', async () => {
  const answer = await client.get(ask({ ...canny, images: 1e6, megapixels: 0.1, maximumInstances: 1000 }));
  const speeds = answer.walls.map(({ tasksPerSecond }: { tasksPerSecond: number }) => tasksPerSecond);
  expect(speeds).toEqual(speeds.toSorted((a: number, b: number) => a - b));
  expect(answer.limitedBy).toBe(answer.walls[0].name);
  expect(answer.seconds).toBeGreaterThan((0.98 * 1e6) / answer.walls[0].tasksPerSecond);
});

const wrong: [what: string, query: Record<string, unknown>, type: string, field: string][] = [
  ['no number of images', { operation: 'canny' }, 'invalid-parameter', 'images'],
  ['half an image', { ...canny, images: 0.5 }, 'invalid-parameter', 'images'],
  ['no image', { ...canny, images: 0 }, 'invalid-parameter', 'images'],
  ['images without pixels', { ...canny, megapixels: 0 }, 'invalid-parameter', 'megapixels'],
  ['a format that is not read', { ...canny, inputFormat: 'bmp' }, 'invalid-parameter', 'inputFormat'],
  ['no operation', { images: 10 }, 'missing-operation', 'operation'],
  ['an unknown operation', { images: 10, operation: 'sharpnado' }, 'unknown-operation', 'operation'],
  ['an unknown preset', { images: 10, preset: 'none' }, 'unknown-preset', 'preset'],
  ['steps that are no JSON', { images: 10, steps: '[{' }, 'invalid-parameter', 'steps'],
  ['steps and an operation', { ...canny, steps: [{ operation: 'sepia' }] }, 'conflicting-operations', 'operation'],
  ['a parameter out of range', { ...canny, blur: -1 }, 'invalid-parameter', 'blur'],
  ['a typing error', { ...canny, megapixel: 12 }, 'invalid-parameter', 'megapixel'],
  ['an output that there is not', { ...canny, output: { format: 'bmp' } }, 'invalid-parameter', 'output.format'],
  ['more bytes than are taken', { ...canny, bytes: 20e6 }, 'image-too-large', 'bytes'],
  ['more pixels than are taken', { ...canny, megapixels: 101 }, 'too-many-pixels', 'megapixels'],
  [
    'more pixels than the operation takes',
    { images: 1, operation: 'watershed', megapixels: 60 },
    'too-many-pixels',
    'megapixels',
  ],
];

test.each(wrong)('%s: refused, with the field', async (_, query, type, field) => {
  const response = await client.fetch(ask(query));
  expect(await response.json()).toMatchObject({ type: `urn:tessera:problem:${type}`, field });
});

test('no operation has a parameter that the question has a field of', () => {
  const names = [...operations.values()].flatMap(({ params }) =>
    Object.keys((z.toJSONSchema(params, { io: 'input' }) as { properties?: object }).properties ?? {}),
  );
  expect(names.filter((name) => Object.hasOwn(estimateFields, name))).toEqual([]);
});
