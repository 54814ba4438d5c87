/** The Bicep files agree with the code; CI compiles them. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TableServiceClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { parse } from 'yaml';
import { readHostConfig } from '../../lib/config/host-config.ts';
import { readSettings, roles, schema } from '../../lib/config/settings.ts';
import { checkTimeBudget } from '../../lib/config/time-budget.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { storageSchema } from '../../lib/storage/access.ts';
import { useAccount, useTwoAccounts } from '../harness/use.ts';

const folder = join(projectRoot, 'infra');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const files = globSync('**/*.bicep', { cwd: folder });
const account = useAccount();
const accounts = useTwoAccounts();

/** The strings of a list, `var NAME = ['a', 'b']`. */
function listIn(source: string, name: string): string[] {
  const [, list = ''] = new RegExp(`var ${name} = \\[([^\\]]*)\\]`).exec(source) ?? [];
  return [...list.matchAll(/'([^']+)'/g)].map(([, item]) => item);
}

/** The names of an object's properties, `var NAME = { a: … }`. */
function namesIn(source: string, name: string): string[] {
  const [, body = ''] = new RegExp(`var ${name} = \\{([\\s\\S]*?)\\n\\}`).exec(source) ?? [];
  const [, line = ''] = new RegExp(`var ${name} = \\{ ([^\\n]*) \\}`).exec(source) ?? [];
  return [...`\n${line}\n${body}`.matchAll(/\n\s*(\w+):/g)].map(([, property]) => property);
}

test('tables, queues and containers are those that the app uses', async () => {
  const { connection } = account;
  const source = read('modules/data-storage.bicep');
  const namesOf = async (items: AsyncIterable<{ name?: string }>) =>
    (await Array.fromAsync(items)).map(({ name }) => name).sort();
  expect(listIn(source, 'tables').sort()).toEqual(
    await namesOf(TableServiceClient.fromConnectionString(connection, { allowInsecureConnection: true }).listTables()),
  );
  expect(listIn(source, 'containers').sort()).toEqual(
    await namesOf(BlobServiceClient.fromConnectionString(connection).listContainers()),
  );
  const poisonable = listIn(source, 'taskQueues');
  const queues = [...poisonable, 'callbacks', 'callbacks-poison'];
  for (const name of poisonable) queues.push(`${name}-poison`, `${name}-poison-poison`);
  expect(queues.sort()).toEqual(await namesOf(QueueServiceClient.fromConnectionString(connection).listQueues()));
});

test('a further account has the tables and containers that the app uses there', async () => {
  const source = read('modules/data-storage.bicep');
  const { connections } = accounts;
  const tables = TableServiceClient.fromConnectionString(connections[1], { allowInsecureConnection: true });
  const blobs = BlobServiceClient.fromConnectionString(connections[1]);
  expect(listIn(source, 'spreadTables')).toEqual((await Array.fromAsync(tables.listTables())).map(({ name }) => name));
  expect(listIn(source, 'spreadContainers')).toEqual(
    (await Array.fromAsync(blobs.listContainers())).map(({ name }) => name),
  );
});

test('no account gives out keys, and nothing asks for one', () => {
  const sources = files.map(read);
  const accounts =
    sources.join('\n').match(/resource \w+ 'Microsoft\.Storage\/storageAccounts@[\d-]+' = \{[\s\S]*?\n\}/g) ?? [];
  expect(accounts).toHaveLength(2);
  for (const resource of accounts) expect(resource).toContain('allowSharedKeyAccess: false');
  for (const [i, source] of sources.entries())
    expect([files[i], /listKeys|AccountKey|listAccountSas/.exec(source)]).toEqual([files[i], null]);
});

test.each([1, 2])('an instance with %d cores has time for the messages that it holds, as the table says', (cores) => {
  const [, block = ''] = /var processSettings = \{([\s\S]*?)\n\}/.exec(read('main.bicep')) ?? [];
  const entries = [...block.matchAll(/(\w+): string\((?:(\d+) \* )?processCores\)/g)];
  const values = Object.fromEntries(entries.map(([, name, factor = '1']) => [name, String(Number(factor) * cores)]));
  const host = readHostConfig(projectRoot, values);
  const settings = readSettings({ AzureWebJobsStorage: 'UseDevelopmentStorage=true', ...values });
  checkTimeBudget(host, settings);
  const { batchSize, newBatchThreshold } = host.queues;
  // One message more than threads: while they compute, others download and upload.
  expect([settings.workerThreads, batchSize + newBatchThreshold > cores]).toEqual([cores, true]);
  const row = `${(cores * 2048).toLocaleString('en')} MB, ${cores} | ${cores} | ${batchSize} + ${newBatchThreshold} |`;
  expect(readFileSync(join(projectRoot, 'docs/operations.md'), 'utf8')).toContain(row);
});

test('each app gets settings that the code reads, and can start with them', () => {
  const app = read('modules/function-app.bicep');
  const main = read('main.bicep');
  const own = [...namesIn(app, 'allSettings'), ...namesIn(main, 'settings'), ...namesIn(main, 'processSettings')];
  const known = [...Object.keys(schema.shape), ...Object.keys(storageSchema.shape)];
  const ofTheHost = /^(APPLICATIONINSIGHTS_|AzureFunctionsJobHost__)/;
  expect(own.length).toBeGreaterThan(12);
  expect(own.filter((name) => !known.includes(name) && !ofTheHost.test(name))).toEqual([]);
  const values: Record<string, string> = {
    ...{
      AzureWebJobsStorage__accountName: 'sthost',
      RETENTION_DAYS: '7',
      WORKER_THREADS: '1',
      TESSERA_ROLE: 'process',
    },
  };
  for (const name of own.filter((name) => name.endsWith('Uri'))) values[name] = 'https://stdata.example/';
  for (const name of own.filter((name) => name.endsWith('__credential'))) values[name] = 'managedidentity';
  for (const name of own.filter((name) => name.endsWith('__clientId'))) values[name] = 'c1';
  expect(readSettings(values)).toMatchObject({
    storageConnection: 'TESSERA_STORAGE',
    storage: { blobUrl: 'https://stdata.example', identity: { kind: 'managed', clientId: 'c1' } },
  });
});

test('each parameter is a variable of the environment, with the same default, and is listed in docs/deploy.md', () => {
  const declared = [...read('main.bicep').matchAll(/^param (\w+) \w+(?: = (.*))?$/gm)];
  const { parameters } = JSON.parse(read('main.parameters.json')) as { parameters: Record<string, { value: string }> };
  const page = readFileSync(join(projectRoot, 'docs/deploy.md'), 'utf8');
  expect(declared.map(([, name]) => name).sort()).toEqual(Object.keys(parameters).sort());
  for (const [, name = '', literal] of declared) {
    const [, variable, value] = /^\$\{(\w+)(?:=(.*))?\}$/.exec(parameters[name]?.value ?? '') ?? [];
    expect([name, value]).toEqual([name, literal?.replace(/^'(.*)'$/, '$1')]);
    const shown = value === undefined || value === '' ? '' : `\`${value}\``;
    expect(page).toContain(`| \`${variable}\` | ${shown} |`);
  }
});

test('what docs and workflows take from the environment is an output of the template, or set beside it', () => {
  const outputs = [...read('main.bicep').matchAll(/^output (\w+)/gm)].map(([, name]) => name);
  const page = readFileSync(join(projectRoot, 'docs/deploy.md'), 'utf8');
  const setThere = [...page.matchAll(/(?:^|\s)(\w+)=\$\(/gm)].map(([, name]) => name);
  const used = [...page.matchAll(/\$(?:\{)?([A-Z]\w+)/g)].map(([, name]) => name);
  expect(used).toEqual(expect.arrayContaining(['API_APP', 'API_URL', 'AZURE_RESOURCE_GROUP', 'PAGE_URL']));
  expect(used.filter((name) => !outputs.includes(name) && !setThere.includes(name))).toEqual([]);
  // The scripts that azd runs read these.
  const scripts = readFileSync(join(projectRoot, 'ops/publish-page.ts'), 'utf8');
  for (const [, name] of scripts.matchAll(/process\.env\.(\w+)/g)) expect(outputs).toContain(name);
});

test('files and services that are named are there', () => {
  for (const file of files)
    for (const [, path] of read(file).matchAll(/^module \w+ '([^']+)'/gm))
      expect([path, existsSync(join(folder, dirname(file), path))]).toEqual([path, true]);
  const { services, hooks } = parse(readFileSync(join(projectRoot, 'azure.yaml'), 'utf8'), { merge: true });
  expect(Object.keys(services).sort()).toEqual([...roles].sort());
  for (const role of roles) expect(read('main.bicep')).toContain(`role: '${role}'`);
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const run = Object.values(hooks as Record<string, Record<string, { run: string }>>).flatMap((hook) =>
    Object.values(hook).flatMap(({ run }) => [...run.matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name)),
  );
  expect(run).toEqual(['package', 'package', 'publish-page', 'publish-page']);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(run));
});
