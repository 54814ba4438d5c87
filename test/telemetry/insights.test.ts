/** What Application Insights gets: envelopes that its tables are made of, sent as the app's identity. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createIdentity } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { generate } from 'selfsigned';
import type { Task } from '../../lib/model/task.ts';
import { newTrace } from '../../lib/model/trace.ts';
import { projectRoot } from '../../lib/project-root.ts';

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
const folder = mkdtempSync(join(tmpdir(), 'tessera-insights-'));
const certificate = join(folder, 'certificate.pem');

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
  const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  writeFileSync(certificate, pems.cert);
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
  const env = {
    ...process.env,
    // Nothing of its own to Microsoft from a test.
    APPLICATION_INSIGHTS_NO_STATSBEAT: 'true',
    NODE_EXTRA_CA_CERTS: certificate,
    IDENTITY_ENDPOINT: `http://127.0.0.1:${portOf(identity)}/msi/token`,
    IDENTITY_HEADER: 'secret',
  };
  const insights = `InstrumentationKey=${key};IngestionEndpoint=https://127.0.0.1:${portOf(ingestion)}/`;
  const script = join(projectRoot, 'test/harness/insights-process.ts');
  await promisify(execFile)(process.execPath, [script, JSON.stringify({ task, trace, insights })], { env });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
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
  const counts = of('tessera.events').filter(({ properties }) => properties.event === 'job-finished');
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
