/** Workbook and alerts ask for what the code sends, and for nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { logEvents } from '../../lib/log.ts';
import type { Task } from '../../lib/model/task.ts';
import { newTrace } from '../../lib/model/trace.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { recordMetrics } from '../../lib/telemetry/metrics.ts';
import { type FinishedSpan, spansOf } from '../../lib/telemetry/spans.ts';
import { provideUsage } from '../../lib/telemetry/usage.ts';

const read = (file: string) => JSON.parse(readFileSync(join(projectRoot, 'infra', file), 'utf8'));
const alerts: { name: string; query: string; description: string }[] = read('alerts.json');
const workbook: { items: { content: { query?: string; title?: string } }[] } = read('workbook.json');
const queries = [
  ...alerts.map(({ name, query }): [string, string] => [name, query]),
  ...workbook.items.flatMap(({ content: { query, title } }): [string, string][] =>
    query === undefined ? [] : [[String(title), query]],
  ),
];

/** Attributes by the name of the metric. */
const metrics = new Map<string, Set<string>>();
let spans: FinishedSpan[];

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
  traceparent: newTrace(null, 1),
} as unknown as Task;

beforeAll(async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  provideUsage(() => ({ pixels: 1, heapBytes: 1 }));
  const record = recordMetrics(provider.getMeter('test'), {
    role: 'process',
    group: 'function:process-task',
    cores: 1,
  });
  for (const event of logEvents) record(event, {}, { task });
  await provider.forceFlush();
  for (const { scopeMetrics } of exporter.getMetrics())
    for (const { descriptor, dataPoints } of scopeMetrics.flatMap(({ metrics }) => metrics))
      metrics.set(descriptor.name, new Set(dataPoints.flatMap(({ attributes }) => Object.keys(attributes))));
  await provider.shutdown();
  spans = [
    ...spansOf('task-failed', {}, { task }, 1),
    ...spansOf('request', { call: 'createTask' }, { trace: task.traceparent, since: 1 }, 1),
    ...spansOf('callback-delivered', {}, { trace: task.traceparent, since: 1 }, 1),
  ];
});

const tables = {
  AppMetrics: ['Name', 'Sum', 'Min', 'Max', 'ItemCount', 'Properties', 'AppRoleInstance', 'TimeGenerated'],
  AppRequests: ['Name', 'Success', 'DurationMs', 'OperationId', 'Properties', 'TimeGenerated'],
};

const quoted = (text: string) => [...text.matchAll(/'([^']+)'/g)].map(([, value]) => value);

test.each(queries)('%s', (_, query) => {
  const table = /^(\w+) \|/.exec(query)?.[1] as keyof typeof tables;
  expect(Object.keys(tables)).toContain(table);
  const [, names = ''] = /Name (?:==|in) (\([^)]*\)|'[^']*')/.exec(query) ?? [];
  const named = quoted(names);
  expect(named.length).toBeGreaterThan(0);
  const properties = [...query.matchAll(/Properties\['([^']+)'\]/g)].map(([, name]) => name);
  for (const name of named) {
    const own =
      table === 'AppMetrics'
        ? metrics.get(name)
        : new Set(Object.keys(spans.find((span) => span.name === name)?.attributes ?? {}));
    expect([name, own && properties.filter((property) => !own.has(property))]).toEqual([name, []]);
  }
  const events = query.match(/event (?:==|in) (?:\([^)]*\)|'[^']*')/g)?.flatMap(quoted) ?? [];
  expect(events.filter((event) => !(logEvents as readonly string[]).includes(event))).toEqual([]);
  // Columns are written with a capital; what a query makes itself is not.
  const columns = new Set(query.replaceAll(/'[^']*'|\{\w+\}/g, '').match(/\b[A-Z]\w+/g) ?? []);
  columns.delete(table);
  expect([...columns].filter((column) => !tables[table].includes(column))).toEqual([]);
});

test('there is an alert for each way in which it goes wrong, with values that the template gives', () => {
  expect(alerts.map(({ name }) => name).sort()).toEqual([
    'backlog-age',
    'core-quota',
    'drain-aborts',
    'failure-rate',
    'group-at-maximum',
    'poison',
  ]);
  const template = readFileSync(join(projectRoot, 'infra/modules/watching.bicep'), 'utf8');
  const asked = alerts.flatMap(({ query, description }) => [...`${query} ${description}`.matchAll(/\{(\w+)\}/g)]);
  for (const [, name] of asked) expect(template).toMatch(new RegExp(`^  ${name}: string\\(${name}\\)$`, 'm'));
});

test('every metric is shown', () => {
  const shown = new Set(queries.flatMap(([, query]) => quoted(query)));
  expect([...metrics.keys()].filter((name) => !shown.has(name))).toEqual([]);
  expect(metrics.size).toBe(10);
});
