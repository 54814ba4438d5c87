/** What Application Insights gets: envelopes that its tables are made of, sent as the app's identity. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createIdentity } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import tls from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { generate } from 'selfsigned';
import { line, logEvents } from '../../lib/log.ts';
import type { Task } from '../../lib/model/task.ts';
import { newTrace } from '../../lib/model/trace.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { exportersFor, Telemetry } from '../../lib/telemetry/telemetry.ts';
import { provideUsage } from '../../lib/telemetry/usage.ts';

interface Envelope {
  name: string;
  iKey: string;
  tags: Record<string, string>;
  data: {
    baseType: string;
    baseData: {
      name?: string;
      success?: boolean;
      metrics?: { name: string; value: number; min?: number; max?: number }[];
      properties: Record<string, string>;
    };
  };
}

const key = '00000000-0000-0000-0000-000000000001';
const token = 'a.token.of-this-test';
const asked: URLSearchParams[] = [];
const sent: { path: string; authorization: string | undefined; body: Envelope[] }[] = [];
const servers: (Server | ReturnType<typeof createIdentity>)[] = [];
const trace = newTrace(null, 1);
const before = { ...process.env };

const began = new Date(Date.UTC(2026, 0, 1));
const task = {
  id: `${'a'.repeat(26)}-0`,
  inJob: false,
  attempts: 1,
  instance: 'i',
  steps: [{ operation: 'canny', params: {} }],
  createdAt: began,
  startedAt: began,
  finishedAt: new Date(began.getTime() + 100),
  timings: { queuedMs: 1, downloadMs: 1 },
  traceparent: trace,
} as unknown as Task;

beforeAll(async () => {
  // Nothing of its own to Microsoft from a test.
  process.env.APPLICATION_INSIGHTS_NO_STATSBEAT = 'true';
  const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), pems.cert]);
  const ingestion = createServer({ key: pems.private, cert: pems.cert }, async (request, response) => {
    const bytes = await buffer(request);
    const text = String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes);
    const body = JSON.parse(text);
    sent.push({ path: String(request.url), authorization: request.headers.authorization, body });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ itemsReceived: body.length, itemsAccepted: body.length, errors: [] }));
  });
  const identity = createIdentity((request, response) => {
    asked.push(new URL(String(request.url), 'http://127.0.0.1').searchParams);
    const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_on }));
  });
  for (const server of [ingestion, identity]) {
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
  }
  const portOf = (server: (typeof servers)[number]) => (server.address() as AddressInfo).port;
  process.env.IDENTITY_ENDPOINT = `http://127.0.0.1:${portOf(identity)}/msi/token`;
  process.env.IDENTITY_HEADER = 'secret';
  const exporters = await exportersFor({
    otlpEndpoint: '',
    insights: `InstrumentationKey=${key};IngestionEndpoint=https://127.0.0.1:${portOf(ingestion)}/`,
    insightsClientId: 'c1',
  });
  const source = { ratio: 1, intervalMs: 3600_000, role: 'process', group: 'function:process-task' };
  const telemetry = Telemetry.start(exporters, { ...source, instance: 'i-1', cores: 1 });
  provideUsage(() => ({ pixels: 1, heapBytes: 1 }));
  const backlog = { queued: 1, running: 1, oldestQueuedSeconds: 1, instances: 1, poisoned: 1 };
  for (const event of logEvents) line(event, event === 'backlog' ? backlog : {}, { task });
  line('request', { call: 'createTask', method: 'POST', status: 202 }, { trace, since: 1 });
  line('callback-delivered', { host: 'example.org', attempt: 1 }, { trace, since: 1 });
  await telemetry.flush();
  line('job-done', {});
  await telemetry.stop();
});

afterAll(() => {
  process.env = before;
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

const envelopes = () => sent.flatMap(({ body }) => body);
const ofType = (type: string) => envelopes().filter(({ data }) => data.baseType === type);

test('all of it is sent with a token of the identity that is named, and none by the key alone', () => {
  expect(sent.length).toBeGreaterThan(0);
  for (const { path, authorization } of sent) expect([path, authorization]).toEqual(['/v2.1/track', `Bearer ${token}`]);
  expect(asked[0].get('client_id')).toBe('c1');
  expect(asked[0].get('resource')).toMatch(/^https:\/\/monitor\.azure\.com/);
});

test('each envelope says whose it is', () => {
  for (const { iKey, tags } of envelopes())
    expect([iKey, tags['ai.cloud.role'], tags['ai.cloud.roleInstance']]).toEqual([key, 'tessera-process', 'i-1']);
});

test('requests and attempts are rows of AppRequests, with their names; phases and callbacks depend on them', () => {
  const [, traceId] = trace.split('-');
  const requests = ofType('RequestData');
  expect(new Set(requests.map(({ data }) => data.baseData.name))).toEqual(new Set(['createTask', 'task']));
  const successes = (event: string) =>
    requests.filter(({ data }) => data.baseData.properties.event === event).map(({ data }) => data.baseData.success);
  expect(successes('task-succeeded')).toEqual([true]);
  expect(successes('task-failed')).toEqual([false]);
  const parts = ofType('RemoteDependencyData').map(({ data }) => data.baseData.name);
  expect(parts).toEqual(expect.arrayContaining(['download', 'process', 'upload', 'commit', 'callback']));
  for (const { tags } of [...requests, ...ofType('RemoteDependencyData')])
    expect(tags['ai.operation.id']).toBe(traceId);
});

test('a count is of what came since the last export, and the column Sum has the value of what is measured at a time', () => {
  const metrics = ofType('MetricData').flatMap(({ data: { baseData } }) =>
    (baseData.metrics ?? []).map((metric) => ({ ...metric, properties: baseData.properties })),
  );
  const of = (name: string) => metrics.filter((metric) => metric.name === name);
  const counts = of('tessera.events').filter(({ properties }) => properties.event === 'job-done');
  expect(counts.map(({ value }) => value)).toEqual([1, 1]);
  // What is measured at a time comes without least and most, which the queries must not ask for.
  expect(of('tessera.cores').map(({ value, min, max }) => [value, min, max])).toContainEqual([1, undefined, undefined]);
  for (const { min, max } of of('tessera.task.duration'))
    expect([typeof min, typeof max]).toEqual(['number', 'number']);
});

test('what workbook and alerts ask for comes, in the table in which they look', () => {
  const read = (file: string) => JSON.parse(readFileSync(join(projectRoot, 'infra', file), 'utf8'));
  const queries: string[] = [
    ...read('alerts.json').map(({ query }: { query: string }) => query),
    ...read('workbook.json').items.flatMap(({ content }: { content: { query?: string } }) => content.query ?? []),
  ];
  const namesIn: Record<string, Set<string | undefined>> = {
    AppRequests: new Set(ofType('RequestData').map(({ data }) => data.baseData.name)),
    AppMetrics: new Set(
      ofType('MetricData').flatMap(({ data }) => data.baseData.metrics?.map(({ name }) => name) ?? []),
    ),
  };
  for (const query of queries) {
    const [, table = ''] = /^(\w+) \|/.exec(query) ?? [];
    const [, names = ''] = /Name (?:==|in) (\([^)]*\)|'[^']*')/.exec(query) ?? [];
    for (const [, name] of names.matchAll(/'([^']+)'/g))
      expect([query, name, namesIn[table]?.has(name)]).toEqual([query, name, true]);
  }
});
