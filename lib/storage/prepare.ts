/** Tables, containers and queues of accounts that are used for the first time. */
import { createHash, randomBytes } from 'node:crypto';
import { odata, type TableClient } from '@azure/data-tables';
import type { QueueClient } from '@azure/storage-queue';
import { furtherStorage } from './access.ts';
import type { BlobContainer } from './blob-container.ts';
import { isConflict, Table } from './table.ts';

/** What an account is to have. */
export interface AccountParts {
  /** Its own name. */
  name: string;
  tables: TableClient[];
  containers: BlobContainer[];
  queues: QueueClient[];
}

/** What an account has been prepared for. */
type PreparedRow = {
  partitionKey: string;
  rowKey: string;
  /** Which tables, containers and queues have been made, in a word. */
  made: string;
  /** In base64; of the first account. */
  uploadSecret?: string;
  /** Of a further account. */
  name?: string;
};

const partitionKey = 'storage-made';
const firstKey = partitionKey;

/**
 * Makes what is not there yet. All that has been made is noted in the first account: a process that starts asks once, instead of for
 * each table, container and queue, and an account that is down keeps none from starting. Returns the secret of uploads. Throws where
 * a further account has taken the place of another.
 */
export async function prepareStorage(notes: TableClient, [first, ...further]: AccountParts[]): Promise<Buffer> {
  const rows = new Table<PreparedRow>(notes);
  const noted = await notedIn(rows);
  const made = digestOf(first);
  let row = noted.get(firstKey);
  if (row?.made !== made) {
    await makeAll(first);
    row = await notePrepared(notes, made);
  }
  for (const [i, account] of further.entries()) await prepareFurther(rows, noted.get(keyOf(i + 2)), account, i + 2);
  return Buffer.from(row.uploadSecret as string, 'base64');
}

/** By their keys; none where there is no table yet. */
async function notedIn(rows: Table<PreparedRow>): Promise<Map<string, PreparedRow>> {
  try {
    const noted = rows.list(odata`PartitionKey eq ${partitionKey}`);
    return new Map(await Array.fromAsync(noted, (row) => [row.rowKey, row] as const));
  } catch (error) {
    if (!isConflict(error)) throw error;
    return new Map();
  }
}

/** `number` is its place among all accounts, from 1. */
async function prepareFurther(
  rows: Table<PreparedRow>,
  noted: PreparedRow | undefined,
  account: AccountParts,
  number: number,
): Promise<void> {
  const { name } = account;
  const row = { partitionKey, rowKey: keyOf(number), name, made: digestOf(account) };
  if (noted && noted.name !== name)
    throw new Error(`${furtherStorage}: account ${number} is ${noted.name} for good; ${name} cannot take its place.`);
  if (noted?.made === row.made) return;
  await makeAll(account);
  if (noted) return rows.put(row);
  // Another process may have noted one, too.
  if ((await rows.create(row)) === null)
    await prepareFurther(rows, (await rows.get(row)) ?? undefined, account, number);
}

function keyOf(number: number): string {
  return `account-${number}`;
}

function digestOf({ tables, containers, queues }: AccountParts): string {
  const names = [
    ...tables.map(({ tableName }) => tableName),
    ...containers.map(({ name }) => name),
    ...queues.map(({ name }) => name),
  ];
  return createHash('sha256').update(names.join()).digest('hex');
}

async function makeAll({ tables, containers, queues }: AccountParts): Promise<void> {
  await Promise.all([
    ...tables.map((table) => table.createTable()),
    ...containers.map((container) => container.createIfNotExists()),
    ...queues.map((queue) => queue.createIfNotExists()),
  ]);
}

/** Processes that start at the same time agree on one secret, and so do versions that need different tables. */
async function notePrepared(table: TableClient, made: string): Promise<PreparedRow> {
  const rows = new Table<PreparedRow>(table);
  const keys = { partitionKey, rowKey: firstKey };
  const row: PreparedRow = { ...keys, uploadSecret: randomBytes(32).toString('base64'), made };
  if ((await rows.create(row)) !== null) return row;
  await table.updateEntity({ ...keys, made }, 'Merge');
  return (await rows.get(keys)) ?? notePrepared(table, made);
}
