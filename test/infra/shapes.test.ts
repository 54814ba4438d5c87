/**
 * Files that a service in Azure reads have the shape that it documents: no key that it would pass over in silence, no value of another kind.
 * Of each only the part is declared that is used here. References: host.json (functions-host-json), azure.yaml (azure-dev,
 * schemas/v1.0/azure.yaml.json), workbook (Application-Insights-Workbooks, schema/workbook.json), alerts (scheduledQueryRules).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseTimeSpan } from '../../lib/config/host-config.ts';
import { roles } from '../../lib/config/settings.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { registeredFunctions } from '../../ops/registered-functions.ts';

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const timeSpan = z.string().refine((text) => parseTimeSpan(text) !== null);
const level = z.enum(['Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical', 'None']);

const hostJson = z.strictObject({
  version: z.literal('2.0'),
  extensionBundle: z.strictObject({
    id: z.literal('Microsoft.Azure.Functions.ExtensionBundle'),
    version: z.string().regex(/^\[\d+\.\*, \d+\.0\.0\)$/),
  }),
  functionTimeout: timeSpan,
  singleton: z.strictObject({ listenerLockPeriod: timeSpan, listenerLockRecoveryPollingInterval: timeSpan }),
  extensions: z.strictObject({
    http: z.strictObject({ routePrefix: z.string() }),
    queues: z.strictObject({
      batchSize: z.int().min(1).max(32),
      newBatchThreshold: z.int().min(0),
      visibilityTimeout: timeSpan,
      maxDequeueCount: z.int().min(1),
      maxPollingInterval: timeSpan,
      messageEncoding: z.enum(['base64', 'none']),
    }),
  }),
  logging: z.strictObject({
    logLevel: z.record(z.string(), level),
    applicationInsights: z.strictObject({
      samplingSettings: z.strictObject({
        isEnabled: z.boolean(),
        excludedTypes: z.string(),
        maxTelemetryItemsPerSecond: z.number().min(0),
      }),
      enableLiveMetricsFilters: z.boolean(),
    }),
  }),
});

const hook = z.strictObject({ shell: z.enum(['sh', 'pwsh']), run: z.string() });
const hooks = z.strictObject({
  posix: hook.extend({ shell: z.literal('sh') }),
  windows: hook.extend({ shell: z.literal('pwsh') }),
});
const service = z.strictObject({
  project: z.literal('dist/package'),
  language: z.literal('js'),
  host: z.literal('function'),
  remoteBuild: z.literal(false),
});
const azureYaml = z.strictObject({
  name: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
  metadata: z.strictObject({ template: z.string() }),
  requiredVersions: z.strictObject({ azd: z.string().regex(/^>= \d+\.\d+\.\d+$/) }),
  infra: z.strictObject({ provider: z.literal('bicep'), path: z.literal('infra'), module: z.literal('main') }),
  hooks: z.strictObject({ prepackage: hooks, postdeploy: hooks }),
  services: z.record(z.enum(roles), service),
});

const named = { name: z.string().min(1) };
const resourceType = z.literal('microsoft.operationalinsights/workspaces');
const workbook = z.strictObject({
  $schema: z.literal('https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json'),
  version: z.literal('Notebook/1.0'),
  isLocked: z.boolean(),
  fallbackResourceIds: z.array(z.string()),
  items: z.array(
    z.discriminatedUnion('type', [
      z.strictObject({
        ...named,
        type: z.literal(9),
        content: z.strictObject({
          version: z.literal('KqlParameterItem/1.0'),
          style: z.enum(['pills', 'above']),
          queryType: z.literal(0),
          resourceType,
          parameters: z.array(z.looseObject({ id: z.guid(), name: z.string(), type: z.int() })),
        }),
      }),
      z.strictObject({
        ...named,
        type: z.literal(3),
        customWidth: z.string().regex(/^\d+$/),
        content: z.strictObject({
          version: z.literal('KqlItem/1.0'),
          query: z.string().min(1),
          size: z.int(),
          title: z.string(),
          timeContextFromParameter: z.string(),
          queryType: z.literal(0),
          resourceType,
          visualization: z.enum(['timechart', 'table']),
        }),
      }),
    ]),
  ),
});

const alerts = z.array(
  z.strictObject({
    name: z.string().regex(/^[a-z-]{1,50}$/),
    severity: z.int().min(0).max(4),
    description: z.string().min(1).max(500),
    query: z.string().min(1),
  }),
);

test.each([
  ['host.json', hostJson, JSON.parse],
  ['azure.yaml', azureYaml, (text: string) => parse(text, { merge: true })],
  ['infra/workbook.json', workbook, JSON.parse],
  ['infra/alerts.json', alerts, JSON.parse],
] as [string, z.ZodType, (text: string) => unknown][])(
  '%s has the shape that is documented',
  (file, shape, parseText) => {
    const { error } = shape.safeParse(parseText(read(file)));
    expect(error?.issues ?? []).toEqual([]);
  },
);

test('a key that is written wrong is found', () => {
  const { error } = hostJson.safeParse(JSON.parse(read('host.json').replace('functionTimeout', 'functionTimeOut')));
  expect(error?.issues.map(({ code }) => code)).toEqual(expect.arrayContaining(['unrecognized_keys']));
});

test('of what comes by queue or timer the host logs no lines of its own, and the lines of the app are kept', async () => {
  const functions = await registeredFunctions({ AzureWebJobsStorage: 'UseDevelopmentStorage=true' });
  const frequent = functions.flatMap(({ metadata: { name, bindings } }) =>
    Object.values(bindings).some(({ type }) => type !== 'http' && type !== 'httpTrigger') && !/poison/.test(name)
      ? [name]
      : [],
  );
  const { logging } = hostJson.parse(JSON.parse(read('host.json')));
  const levels = Object.entries(logging.logLevel).filter(([category]) => category.startsWith('Function.'));
  const expected = frequent.flatMap((name) => [
    [`Function.${name}`, 'Warning'],
    [`Function.${name}.User`, 'Information'],
  ]);
  expect(new Set(levels.map(String))).toEqual(new Set(expected.map(String)));
  expect(logging.applicationInsights.samplingSettings.excludedTypes.split(';')).toEqual(['Exception', 'Trace']);
});

test("queries of the workbook take their time from a parameter of it, and items' names are their own", () => {
  const { items } = workbook.parse(JSON.parse(read('infra/workbook.json')));
  const parameters = items.flatMap((item) => (item.type === 9 ? item.content.parameters.map(({ name }) => name) : []));
  for (const item of items) if (item.type === 3) expect(parameters).toContain(item.content.timeContextFromParameter);
  expect(new Set(items.map(({ name }) => name)).size).toBe(items.length);
});
