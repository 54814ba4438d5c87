/** A wrong setting is found at start, and named. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readHostConfig } from '../../lib/config/host-config.ts';
import { readSettings } from '../../lib/config/settings.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { isNcrontab } from '../../lib/setting-formats.ts';
import { loadAppSettings } from '../../local/app-settings.ts';
import { azuriteConnection } from '../../local/azurite.ts';
import { nextOccurrence } from '../../local/timer.ts';

const valid = { AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
const azure =
  'DefaultEndpointsProtocol=https;AccountName=mine;AccountKey=c2VjcmV0a2V5==;EndpointSuffix=core.windows.net';

test.each([
  ['AzureWebJobsStorage', 'not a connection string'],
  ['AzureWebJobsStorage', ''],
  ['AzureWebJobsStorage', 'AccountName=mine;AccountKey=c2VjcmV0a2V5;BlobEndpoint=here'],
  ['AzureWebJobsStorage', 'AccountName=mine'],
  ['AUTH_MODE', 'none'],
  ['MAX_IMAGE_MEGABYTES', 'many'],
  ['WORKER_THREADS', '1.5'],
  ['CLEAN_UP_SCHEDULE', 'hourly'],
  ['CLEAN_UP_SCHEDULE', '0 17 * * *'],
  ['REASSIGN_SCHEDULE', '*/30 * * * * MUN'],
  ['REASSIGN_SCHEDULE', '75 * * * * *'],
  ['CALLBACK_RETRY_SECONDS', '5 60'],
  ['TESSERA_ROLE', 'http,instance'],
  ['KEY_NAMES', 'lab'],
  ['KEY_NAMES', `Lab=${'0'.repeat(64)}`],
  ['KEY_NAMES', 'lab=0123'],
  ['CALLBACK_ALLOWED_HOSTS', 'https://example.org'],
  ['CALLBACK_ALLOWED_HOSTS', 'example.org, other example'],
])('%s=%s is named, and its value is not told', (name, value) => {
  const reading = () => readSettings({ ...valid, [name]: value });
  expect(reading).toThrow(`${name}: `);
  if (/key/i.test(value)) expect(reading).not.toThrow('c2VjcmV0a2V5');
});

test('a missing storage account is named, and so is each of several faults', () => {
  expect(() => readSettings({})).toThrow('AzureWebJobsStorage: is missing');
  expect(() => readSettings({ WORKER_THREADS: '0', RETENTION_DAYS: 'x' })).toThrow(
    /AzureWebJobsStorage: .*\nWORKER_THREADS: .*\nRETENTION_DAYS: /,
  );
});

test.each([valid.AzureWebJobsStorage, azure, azuriteConnection(10_000)])('%s names an account', (connection) => {
  expect(readSettings({ AzureWebJobsStorage: connection }).storage).toBe(connection);
});

describe('further accounts', () => {
  const further = (list: string, first: Record<string, string> = valid) =>
    readSettings({ ...first, TESSERA_FURTHER_STORAGE: list }).furtherStorage;
  const named = { AzureWebJobsStorage__accountName: 'mine', AzureWebJobsStorage__credential: 'managedidentity' };

  test('are named where the first is, and reached by its identity', () => {
    expect(further('')).toEqual([]);
    expect(further('mine2, mine3', named)).toEqual(
      ['mine2', 'mine3'].map((name) => ({
        blobUrl: `https://${name}.blob.core.windows.net`,
        queueUrl: `https://${name}.queue.core.windows.net`,
        tableUrl: `https://${name}.table.core.windows.net`,
        identity: { kind: 'managed', clientId: null },
      })),
    );
    const endpoints = Object.fromEntries(
      ['blob', 'queue', 'table'].map((service) => [
        `TESSERA_STORAGE__${service}ServiceUri`,
        `https://data.${service}.core.chinacloudapi.cn/`,
      ]),
    );
    expect(further('data2', { ...named, ...endpoints })).toMatchObject([
      { blobUrl: 'https://data2.blob.core.chinacloudapi.cn', tableUrl: 'https://data2.table.core.chinacloudapi.cn' },
    ]);
  });

  test('have connection strings where the first has one', () => {
    expect(further(`${azure},${azuriteConnection(20_000)}`)).toEqual([azure, azuriteConnection(20_000)]);
  });

  test.each([
    ['a key beside an identity', azure, named, 'must list names'],
    ['a name beside a key', 'mine2', valid, 'must list connection strings'],
    ['the first account', 'mine', named, 'must list names of other accounts'],
    ['an account twice', 'mine2,mine2', named, 'lists an account twice'],
    [
      'more than fifteen',
      Array.from({ length: 16 }, (_, i) => `mine${i}`).join(),
      named,
      'lists more than 15 accounts',
    ],
  ])('%s is refused, and no value told', (_, list, first, message) => {
    expect(() => further(list, first)).toThrow(`TESSERA_FURTHER_STORAGE: ${message}`);
    expect(() => further(list, first)).not.toThrow('c2VjcmV0a2V5');
  });
});

test('the instance is called as the platform calls it, and each of its processes has a name of its own', () => {
  const idIn = (environment: Record<string, string>) => readSettings({ ...valid, ...environment }).instanceId;
  const flex = { WEBSITE_POD_NAME: '0--e8a9d2/638', CONTAINER_NAME: 'container-1' };
  expect(idIn({ ...flex, WEBSITE_INSTANCE_ID: 'a1b2' })).toMatch(/^a1b2-[0-9a-f]{8}$/);
  expect(idIn(flex)).toMatch(/^0--e8a9d2-638-[0-9a-f]{8}$/);
  expect(idIn({ CONTAINER_NAME: 'container-1' })).toMatch(/^container-1-[0-9a-f]{8}$/);
  expect(idIn({})).toMatch(/^local-[0-9a-f]{8}$/);
  expect(idIn(flex)).not.toBe(idIn(flex));
});

describe('timer expressions', () => {
  const field = (min: number, max: number) =>
    fc.oneof(
      fc.constant('*'),
      fc.integer({ min: 1, max: 30 }).map((n) => `*/${n}`),
      fc.integer({ min, max }).map(String),
      fc
        .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
        .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      fc.array(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((values) => [...new Set(values)].join()),
    );

  test('that the timer follows are taken', () => {
    const fields = [field(0, 59), field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6)] as const;
    fc.assert(
      fc.property(fc.tuple(...fields), (parts) => {
        const text = parts.join(' ');
        expect([text, isNcrontab(text)]).toEqual([text, true]);
        expect(nextOccurrence(text, new Date())).toBeInstanceOf(Date);
      }),
    );
    expect(isNcrontab('0 30 9 * JAN-MAR Mon')).toBe(true);
  });

  test.each([
    '',
    '* * * * *',
    '60 * * * * *',
    '0 0 24 * * *',
    '0 0 0 0 * *',
    '0 0 0 * 13 *',
    '0 0 0 * * 7',
    '*/0 * * * * *',
    '5-1 * * * * *',
    ', * * * * *',
    'x * * * * *',
  ])('%p is none', (text) => expect(isNcrontab(text)).toBe(false));
});

test.each([
  ['extensions.queues.batchSize', '0'],
  ['extensions.queues.batchSize', 'four'],
  ['extensions.queues.newBatchThreshold', '-1'],
  ['extensions.queues.maxDequeueCount', '0'],
  ['extensions.queues.visibilityTimeout', '5 s'],
  ['extensions.queues.maxPollingInterval', '200'],
  ['extensions.queues.messageEncoding', 'utf8'],
  ['functionTimeout', '10 min'],
  ['singleton.listenerLockPeriod', '00:00:05'],
])('host.json’s %s=%s is named, with the setting that overrides it', (entry, value) => {
  const name = `AzureFunctionsJobHost__${entry.replaceAll('.', '__')}`;
  const reading = () => readHostConfig(projectRoot, { [name]: value });
  expect(reading).toThrow(`${entry} in host.json`);
  expect(reading).toThrow(name);
});

test('a file of settings that is no JSON is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  try {
    writeFileSync(join(folder, 'local.settings.json'), '{ "Values": { "AUTH_MODE": "key", } }');
    expect(() => loadAppSettings(folder)).toThrow('local.settings.json: ');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('settings have defaults, and a wrong one is named', () => {
  const settings = readSettings({ AzureWebJobsStorage: 'UseDevelopmentStorage=true' });
  expect(settings).toMatchObject({ authLevel: 'function', maxImagePixels: 100e6, maxImageBytes: 64 * 2 ** 20 });
  expect(() =>
    readSettings({ AzureWebJobsStorage: 'UseDevelopmentStorage=true', MAX_IMAGE_MEGABYTES: 'many' }),
  ).toThrow('MAX_IMAGE_MEGABYTES');
});
