/** What a collector gets of tasks: one trace from request to callback, all metrics, and not too much of it. */
import { schema } from '../../lib/config/settings.ts';
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Receiver } from '../harness/receiver.ts';
import { Runner } from '../harness/runner.ts';
import { until } from '../harness/until.ts';

let collector: Receiver;
let listener: Receiver;
let runner: Runner;
let client: Client;

beforeAll(async () => {
  [collector, listener] = [await Receiver.start(), await Receiver.start()];
  runner = await startRunner('1');
  client = new Client(runner);
});
afterAll(async () => {
  await runner.stop();
  collector.stop();
  listener.stop();
});

function startRunner(TRACE_RATIO: string): Promise<Runner> {
  const OTEL_EXPORTER_OTLP_ENDPOINT = new URL(collector.url).origin;
  const CALLBACK_ALLOWED_HOSTS = new URL(listener.url).host;
  const quick = { TELEMETRY_SECONDS: '1', OTEL_BSP_SCHEDULE_DELAY: '200' };
  return Runner.start({ env: { ...quick, TRACE_RATIO, OTEL_EXPORTER_OTLP_ENDPOINT, CALLBACK_ALLOWED_HOSTS } });
}

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  status: { code?: number };
  attributes: { key: string; value: Record<string, unknown> }[];
}

const payloads = () => collector.received.map(({ body }) => JSON.parse(body));

function spans(): Span[] {
  return payloads().flatMap(({ resourceSpans = [] }) =>
    resourceSpans.flatMap(({ scopeSpans }: { scopeSpans: { spans: Span[] }[] }) =>
      scopeSpans.flatMap(({ spans }) => spans),
    ),
  );
}

function metricNames(): string[] {
  const names = payloads().flatMap(({ resourceMetrics = [] }) =>
    resourceMetrics.flatMap(({ scopeMetrics }: { scopeMetrics: { metrics: { name: string }[] }[] }) =>
      scopeMetrics.flatMap(({ metrics }) => metrics.map(({ name }) => name)),
    ),
  );
  return [...new Set(names)].sort();
}

function attribute({ attributes }: Span, name: string): unknown {
  return Object.values(attributes.find(({ key }) => key === name)?.value ?? {})[0];
}

const rootsOf = (id: string) => spans().filter((span) => span.name === 'task' && attribute(span, 'task') === id);
const rootOf = (id: string) => rootsOf(id)[0];

test('request, task with its phases and callback are one trace', async () => {
  const fields = { operation: 'canny', callbackUrl: listener.url };
  const { id } = await client.run({ image: fixture('coins.png'), fields });
  const root = await until(() => rootOf(id), { what: 'the task is traced' });
  const ofTrace = () => spans().filter(({ traceId }) => traceId === root.traceId);
  await until(() => ofTrace().some(({ name }) => name === 'callback'), { what: 'the callback is traced' });
  await until(() => ofTrace().some(({ name }) => name === 'createTask'), { what: 'the request is traced' });
  const request = ofTrace().find(({ name }) => name === 'createTask') as Span;
  const parents = Object.fromEntries(ofTrace().map(({ name, parentSpanId }) => [name, parentSpanId]));
  const phases = ['download', 'wait', 'decode', 'process', 'encode', 'upload', 'commit'];
  expect(parents).toMatchObject({ task: request.spanId, callback: request.spanId });
  for (const phase of phases) expect([phase, parents[phase]]).toEqual([phase, root.spanId]);
});

test('metrics tell of load, durations and use', async () => {
  const expected = ['tessera.cores', 'tessera.events', 'tessera.heap', 'tessera.pixels', 'tessera.task.duration'];
  const ofBacklog = [
    'tessera.backlog',
    'tessera.instances',
    'tessera.poisoned',
    'tessera.queue.age',
    'tessera.running',
  ];
  const all = [...expected, ...ofBacklog].sort();
  await until(() => metricNames().length >= all.length, { within: 60, what: `all metrics come: ${all}` });
  expect(metricNames()).toEqual(all);
});

test('the trace of a task has no more than 5 kB, and neither has what is sent and logged of one with the usual share', async () => {
  const tasks = 20;
  const sent = () => collector.received.filter(({ body }) => body.includes('resourceSpans'));
  const count = { spans: spans().length, bytes: bytesOf(sent().map(({ body }) => body)), lines: runner.output.length };
  const fields = { operation: 'canny', cache: 'false', callbackUrl: listener.url };
  for (let i = 0; i < tasks; i++) await client.run({ image: fixture('coins.png'), fields });
  // Request, task, seven phases and callback.
  await until(() => spans().length - count.spans >= tasks * 10, { what: 'all spans have come' });
  const bytes = bytesOf(sent().map(({ body }) => body)) - count.bytes;
  const lines = bytesOf(runner.output.slice(count.lines).filter((text) => text.includes('{"event":')));
  const share = schema.shape.TRACE_RATIO.parse(undefined);
  expect(lines).toBeGreaterThan(0);
  expect(bytes / tasks).toBeLessThan(5000);
  expect((share * bytes + lines) / tasks).toBeLessThan(5000);
  expect(bytes).toBeGreaterThan(0);
});

test('with a share of none, only what fails is traced, and what follows of it: the callback and a retry', async () => {
  await runner.stop();
  runner = await startRunner('0');
  client = new Client(runner);
  const well = await client.run({ image: fixture('coins.png'), fields: { operation: 'canny' } });
  const fields = { operation: 'canny', callbackUrl: listener.url };
  const failed = await client.run({ image: fixture('truncated.jpg'), name: 'a.jpg', fields });
  expect([well.state, failed.state]).toEqual(['Succeeded', 'Failed']);
  const root = await until(() => rootOf(failed.id), { what: 'the failed task is traced' });
  expect(root.status.code).toBe(2);
  expect(rootOf(well.id)).toBeUndefined();
  const callbacks = () => spans().filter(({ name, traceId }) => name === 'callback' && traceId === root.traceId);
  await until(() => callbacks().length === 1, { what: 'its callback is traced' });
  expect((await client.send('POST', `/api/tasks/${failed.id}/retry`)).status).toBe(202);
  await until(() => rootsOf(failed.id).length === 2 && callbacks().length === 2, { what: 'its retry is traced' });
  expect(new Set(rootsOf(failed.id).map(({ traceId }) => traceId))).toEqual(new Set([root.traceId]));
});

function bytesOf(texts: string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
