/**
 * How the app reaches a storage account: by the settings that the Functions host reads for its own connections and triggers, so
 * that both reach the same account in the same way.
 */
import { z } from 'zod';
import { maxAccounts } from '../model/ids.ts';
import { isConnectionString } from '../setting-formats.ts';

/** A connection string with the account's key, for local use; or a Microsoft Entra identity, where no key exists. */
export type StorageAccess = string | IdentityAccess;

export interface IdentityAccess {
  /** The services' endpoints, without a slash at the end. */
  blobUrl: string;
  queueUrl: string;
  tableUrl: string;
  identity: Identity;
}

/** `managed`: an identity of the app, in Azure. `developer`: whoever is signed in, as by `az login`; also workload identities. */
export interface Identity {
  kind: 'managed' | 'developer';
  /** Of a user-assigned identity. */
  clientId: string | null;
}

/** The account of the Functions host: its locks, keys and timers; also of the data, where `TESSERA_STORAGE` names no other. */
export const hostStorage = 'AzureWebJobsStorage';
/** The account of the data: tasks, queues, images. */
export const dataStorage = 'TESSERA_STORAGE';
/** The accounts over which tasks and images are spread, besides that one. */
export const furtherStorage = 'TESSERA_FURTHER_STORAGE';

const suffixes = [
  'accountName',
  'blobServiceUri',
  'queueServiceUri',
  'tableServiceUri',
  'credential',
  'clientId',
] as const;
type Suffix = (typeof suffixes)[number];
type Values = Record<string, string | undefined>;

const accountName = /^[a-z0-9]{3,24}$/;

const endpoint = z
  .string()
  .refine((text) => text === '' || URL.parse(text)?.protocol === 'https:', 'must be a URL that begins with https://')
  .default('');

/** The settings of a connection. */
function settingsOf(name: string, what: string): Record<string, z.ZodType> {
  return {
    [name]: z
      .string()
      .refine(
        (text) => text === '' || isConnectionString(text),
        'must be UseDevelopmentStorage=true or a connection string with AccountName, AccountKey and endpoints that are URLs',
      )
      .default('')
      .describe(`Connection string of ${what}, for local use; in Azure the settings below take its place.`),
    [`${name}__accountName`]: z
      .string()
      .refine(
        (text) => text === '' || accountName.test(text),
        'must be the name of a storage account: 3 to 24 of a to z and 0 to 9',
      )
      .default('')
      .describe(`Name of ${what}, which is reached as an identity.`),
    [`${name}__blobServiceUri`]: endpoint.describe(
      'With the two below, in place of the name, where endpoints are not under core.windows.net.',
    ),
    [`${name}__queueServiceUri`]: endpoint.describe('Endpoint of the queues.'),
    [`${name}__tableServiceUri`]: endpoint.describe('Endpoint of the tables.'),
    [`${name}__credential`]: z
      .enum(['', 'managedidentity'])
      .default('')
      .describe("`managedidentity` is the app's identity; without it, the developer who is signed in."),
    [`${name}__clientId`]: z.string().default('').describe('Client id of a user-assigned identity.'),
  };
}

export const storageSchema = z.object({
  ...settingsOf(hostStorage, "the Functions host's storage account"),
  ...settingsOf(dataStorage, 'the storage account of tasks and images, if it is another'),
  [furtherStorage]: z
    .string()
    .default('')
    .describe(
      `Further accounts over which tasks and images are spread, separated by commas, up to ${maxAccounts - 1}: names, reached with the endpoints and the identity of the first; or, if that is named by a connection string, connection strings. Accounts can be appended, but neither removed nor moved.`,
    ),
});

/** Which of the two settings names the account of the data: what triggers are to name. */
export function dataConnection(values: Values): string {
  return isGiven(values, dataStorage) ? dataStorage : hostStorage;
}

/** Throws an error that names the setting which is missing, or one too many. */
export function storageAccess(values: Values, name: string): StorageAccess {
  const suffixed = (suffix: Suffix) => values[`${name}__${suffix}`] ?? '';
  const connection = values[name] ?? '';
  const urls = [suffixed('blobServiceUri'), suffixed('queueServiceUri'), suffixed('tableServiceUri')];
  const account = suffixed('accountName');
  const ways = [connection !== '', account !== '', urls.some((url) => url !== '')].filter(Boolean).length;
  if (ways === 0)
    throw new Error(`${name}: is missing, and so is ${name}__accountName, which names an account without a key.`);
  if (ways > 1)
    throw new Error(`${name}, ${name}__accountName and ${name}__blobServiceUri exclude each other: set one of them.`);
  if (connection !== '') return connection;
  if (account === '' && urls.includes(''))
    throw new Error(`${name}__blobServiceUri, __queueServiceUri and __tableServiceUri are needed together.`);
  const [blobUrl = '', queueUrl = '', tableUrl = ''] =
    account === ''
      ? urls.map((url) => url.replace(/\/$/, ''))
      : ['blob', 'queue', 'table'].map((service) => `https://${account}.${service}.core.windows.net`);
  const kind = suffixed('credential') === 'managedidentity' ? 'managed' : 'developer';
  return { blobUrl, queueUrl, tableUrl, identity: { kind, clientId: suffixed('clientId') || null } };
}

function isGiven(values: Values, name: string): boolean {
  return [values[name], ...suffixes.map((suffix) => values[`${name}__${suffix}`])].some((value) => value);
}

/** The further accounts, reached as the `first` one is: by keys where it has one, else by its identity. Throws an error that names the setting. */
export function furtherStorageAccess(values: Values, first: StorageAccess): StorageAccess[] {
  const items = (values[furtherStorage] ?? '').split(',').flatMap((item) => item.trim() || []);
  if (items.length >= maxAccounts) throw new Error(`${furtherStorage}: lists more than ${maxAccounts - 1} accounts.`);
  if (new Set(items).size < items.length) throw new Error(`${furtherStorage}: lists an account twice.`);
  return items.map((item) => {
    if (typeof first === 'string') {
      if (isConnectionString(item) && item !== first) return item;
      throw new Error(
        `${furtherStorage}: must list connection strings of other accounts, as the first account has one.`,
      );
    }
    const [blobUrl, queueUrl, tableUrl] = [first.blobUrl, first.queueUrl, first.tableUrl].map((url) =>
      renamed(url, item),
    );
    if (!accountName.test(item) || blobUrl === first.blobUrl)
      throw new Error(
        `${furtherStorage}: must list names of other accounts, as the first account is reached as an identity.`,
      );
    return { blobUrl, queueUrl, tableUrl, identity: first.identity };
  });
}

/** An endpoint of another account, where accounts have theirs by their names: `https://NAME.blob…`, or `https://127.0.0.1:10000/NAME`. */
function renamed(endpoint: string, account: string): string {
  const url = new URL(endpoint);
  if (url.pathname === '/') url.hostname = url.hostname.replace(/^[^.]+/, account);
  else url.pathname = `/${account}`;
  return url.href.replace(/\/$/, '');
}
