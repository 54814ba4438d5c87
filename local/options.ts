import { parseArgs } from 'node:util';

export interface RunnerOptions {
  /** HTTP port. */
  port: number;
  /** Azurite's blob port; its queue and table ports are the two after it. */
  storagePort: number;
  /** Where Azurite keeps its data; null for in memory. */
  data: string | null;
  /** Whether to start Azurite, rather than join the account of `AzureWebJobsStorage`. */
  startStorage: boolean;
  /** The folders under `functions/` to load; null for all. */
  only: string[] | null;
  /** Origins whose pages may call the API and send images to the storage, besides the page that is served here. */
  origins: string[];
  /** How long running functions may go on after a signal to stop, in seconds. */
  grace: number;
}

export const usage = `Runs Tessera on this machine: the functions, the page and the storage.

  --port N           HTTP port (default 7071)
  --storage-port N   Azurite's blob port; queues are at N+1, tables at N+2 (default 10000)
  --data DIR         where Azurite keeps its data (default .azurite)
  --in-memory        keep the storage in memory
  --no-storage       join the storage account that AzureWebJobsStorage names
  --only A,B         load only these of upload, process, status
  --cors A,B         let pages of these origins call the API, besides the page served here; * for all
  --grace N          when stopped, give running functions N seconds to finish (default 30)
  --help`;

/** Reads the command line. Throws an error that says what is wrong with it; null asks for the usage. */
export function parseOptions(args: string[]): RunnerOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '7071' },
      'storage-port': { type: 'string', default: '10000' },
      data: { type: 'string', default: '.azurite' },
      'in-memory': { type: 'boolean', default: false },
      'no-storage': { type: 'boolean', default: false },
      only: { type: 'string' },
      cors: { type: 'string', default: '' },
      grace: { type: 'string', default: '30' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  return {
    port: portNumber('--port', values.port, 65_535),
    storagePort: portNumber('--storage-port', values['storage-port'], 65_533),
    data: values['in-memory'] ? null : values.data,
    startStorage: !values['no-storage'],
    only: values.only === undefined ? null : groups(values.only),
    origins: origins(values.cors),
    grace: seconds('--grace', values.grace),
  };
}

function portNumber(option: string, text: string, max: number): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= max) return port;
  throw new Error(`${option} takes a port from 1 to ${max}, not ${text}.`);
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

const known = ['upload', 'process', 'status'];

function groups(list: string): string[] {
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--only takes ${known.join(', ')}, not ${JSON.stringify(unknown)}.`);
  return names;
}
