import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isRole, type Role, roles } from '../lib/config/settings.ts';
import { maxAccounts } from '../lib/model/ids.ts';

export interface RunnerOptions {
  /** HTTP port; 0 for any free one. */
  port: number;
  /** Azurite's blob port; its queue and table ports are the two after it. */
  storagePort: number;
  /** How many storage accounts Azurite has, over which tasks and images are spread. */
  accounts: number;
  /** Where Azurite keeps its data; null for in memory. */
  data: string | null;
  /** start: Azurite; join: the Azurite that another runner has started; setting: the account of `AzureWebJobsStorage`. */
  storage: 'start' | 'join' | 'setting';
  /** What this runner does; null for everything. */
  only: Role[] | null;
  /** Origins whose pages may call the API and send images to the storage, besides the page that is served here. */
  origins: string[];
  /** Names by which the runner is reached, besides this machine's own. */
  hostNames: string[];
  /** How long running functions may go on after a signal to stop, in seconds. */
  grace: number;
  /** Whether each scale group is a process of its own, by the rules of the platform. */
  hostLike: boolean;
  /** Folder of the app: host.json, and package.json, whose `main` names the functions; null for this project. */
  app: string | null;
  /** Whether images that appear in container `intake` are told of, as Event Grid does for an account in Azure. */
  eventGrid: boolean;
  /** Whether the storage is reached as an identity, over HTTPS, and by no key. */
  identity: boolean;
  /** How the platform ends instances: sigterm: SIGTERM to the process, and 3 s; drain: after `grace`, with termination hooks; kill: at once. */
  stopBy: StopBy;
}

const stopWays = ['sigterm', 'drain', 'kill'] as const;
export type StopBy = (typeof stopWays)[number];

export const usage = `Runs Tessera on this machine: the functions, the page and the storage.

Usage: npm start -- [options]

  --port N           HTTP port (default: 7071; with --join: any free port)
  --storage-port N   blob port of Azurite; queues use N+1, tables N+2 (default: 10000)
  --data DIR         data directory of Azurite (default: .azurite)
  --accounts N       spread tasks and images over N storage accounts of Azurite (default: 1); give joining runners the same N
  --in-memory        keep the storage in memory
  --join N           run a further instance: use the storage of the runner whose --storage-port is N
  --no-storage       use the storage account named by the setting AzureWebJobsStorage
  --only A,B         run only these roles: http (API and page), control (jobs, callbacks, timers), process (tasks)
  --cors A,B         allow pages from these origins to call the API; * allows all
  --host-names A,B   also respond to requests for these host names (tunnels, proxies)
  --event-grid       with --no-storage: report images in container intake, as Event Grid does in Azure
  --app DIR          run the functions of the app in DIR, such as dist/package (default: this project)
  --grace N          time for running functions to finish on exit, in seconds (default: 30)
  --host-like        apply the rules of Azure: one process per scale group, functionTimeout, requests cut after 230 s
                     without data, page and API at different origins, storage that is busy at times
  --stop-by WAY      how --host-like stops processes: sigterm (3 s, as in scale-in; default), drain (after --grace, with
                     termination hooks), kill (immediately, as in an update)
  --identity         access the storage with an identity over HTTPS, as in Azure, without keys. Browsers can upload and
                     show images once they trust the certificate of the storage
  --help             show this text

To add a second runner that shares the work of the first:

  npm run runner -- --join 10000 --only control,process

Settings are read from the environment, then from local.settings.json or, if it does not exist, local.settings.sample.json.
With AUTH_MODE=key, callers send one of the comma-separated keys in LOCAL_FUNCTION_KEYS as x-functions-key.`;

/** Reads the command line. Throws an error that says what is wrong with it; null asks for the usage. */
export function parseOptions(args: string[]): RunnerOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string' },
      'storage-port': { type: 'string', default: '10000' },
      data: { type: 'string', default: '.azurite' },
      accounts: { type: 'string', default: '1' },
      'in-memory': { type: 'boolean', default: false },
      join: { type: 'string' },
      'no-storage': { type: 'boolean', default: false },
      only: { type: 'string' },
      cors: { type: 'string', default: '' },
      'host-names': { type: 'string', default: '' },
      grace: { type: 'string', default: '30' },
      'host-like': { type: 'boolean', default: false },
      'event-grid': { type: 'boolean', default: false },
      identity: { type: 'boolean', default: false },
      app: { type: 'string' },
      'stop-by': { type: 'string', default: 'sigterm' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const { join } = values;
  if (join !== undefined && values['no-storage']) throw new Error('--join and --no-storage exclude each other.');
  if (values.accounts !== '1' && values['no-storage'])
    throw new Error('--accounts and --no-storage exclude each other: set TESSERA_FURTHER_STORAGE.');
  if (values.identity && (join !== undefined || values['no-storage'] || values['host-like']))
    throw new Error('--identity excludes --join, --no-storage and --host-like.');
  const storagePort = portNumber('--storage-port', values['storage-port'], 65_533);
  return {
    port: values.port === undefined && join !== undefined ? 0 : portNumber('--port', values.port ?? '7071', 65_535),
    storagePort: join === undefined ? storagePort : portNumber('--join', join, 65_533),
    accounts: accountCount(values.accounts),
    data: values['in-memory'] ? null : values.data,
    storage: join !== undefined ? 'join' : values['no-storage'] ? 'setting' : 'start',
    only: values.only === undefined ? null : rolesIn(values.only),
    origins: origins(values.cors),
    hostNames: hostNames(values['host-names']),
    grace: seconds('--grace', values.grace),
    hostLike: values['host-like'],
    // Whoever starts an account tells of what happens there.
    eventGrid: (join === undefined && !values['no-storage']) || values['event-grid'],
    identity: values.identity,
    app: values.app === undefined ? null : resolve(values.app),
    stopBy: stopWay(values['stop-by']),
  };
}

function portNumber(option: string, text: string, max: number): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= max) return port;
  throw new Error(`${option} takes a port from 1 to ${max}, not ${text}.`);
}

function accountCount(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= maxAccounts) return Number(text);
  throw new Error(`--accounts takes a number from 1 to ${maxAccounts}, not ${text}.`);
}

function seconds(option: string, text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new Error(`${option} takes a whole number of seconds, not ${text}.`);
}

function origins(list: string): string[] {
  const named = list.split(',').map((origin) => origin.trim());
  const wrong = named.find((origin) => !/^(|\*|https?:\/\/[^/]+)$/.test(origin));
  if (wrong !== undefined) throw new Error(`--cors takes origins such as https://example.org, not ${wrong}.`);
  return named.filter((origin) => origin !== '');
}

function stopWay(text: string): StopBy {
  const way = stopWays.find((way) => way === text);
  if (way === undefined) throw new Error(`--stop-by takes ${stopWays.join(', ')}, not ${text}.`);
  return way;
}

function hostNames(list: string): string[] {
  const named = list.split(',').flatMap((name) => name.trim().toLowerCase() || []);
  const wrong = named.find((name) => !/^[\w.:-]+$/.test(name));
  if (wrong !== undefined) throw new Error(`--host-names takes names such as example.org, not ${wrong}.`);
  return named;
}

function rolesIn(list: string): Role[] {
  return list.split(',').map((text) => {
    const role = text.trim();
    if (!isRole(role)) throw new Error(`--only takes ${roles.join(', ')}, not ${JSON.stringify(role)}.`);
    return role;
  });
}
