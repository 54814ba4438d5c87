import type { TableClient } from '@azure/data-tables';
import type { ContainerClient } from '@azure/storage-blob';
import type { StorageAccess } from '../../lib/storage/access.ts';
import { connectStorage } from '../../lib/storage/clients.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import type { Runner } from './runner.ts';
import { until } from './until.ts';

/** How much there is in a runner's account; a request that was refused must not change it. */
export async function contents(runner: Runner): Promise<{ rows: number; blobs: number; messages: number }> {
  const storage = await openStorage(runner.storage);
  return {
    rows: (await Promise.all(['tasks', 'jobs', 'callers'].map((name) => countRows(runner.storage, name)))).reduce(
      (a, b) => a + b,
    ),
    blobs: (await count(storage.inputs.list())) + (await count(storage.results.list())),
    messages: await waiting(storage),
  };
}

/** As `contents`, once nothing is under way any more. */
export async function settledContents(runner: Runner): ReturnType<typeof contents> {
  const settled = async () => {
    const now = await contents(runner);
    return now.messages === 0 && now;
  };
  return until(settled, { what: 'the queues to be empty' });
}

async function waiting({ taskQueue, jobTaskQueue, commandQueue, callbackQueue }: Storage): Promise<number> {
  const queues = [taskQueue, jobTaskQueue, commandQueue, callbackQueue];
  const lengths = await Promise.all(queues.map((queue) => queue.length()));
  return lengths.reduce((sum, length) => sum + length, 0);
}

/** A table as the storage has it, for tests that look at single rows or change them. */
export async function rawTable(access: StorageAccess, name: string): Promise<TableClient> {
  return (await connectStorage(access)).table(name);
}

/** A container as the storage has it, for tests that do what only the holder of a link does. */
export async function rawContainer(access: StorageAccess, name: string): Promise<ContainerClient> {
  return (await connectStorage(access)).blobs.getContainerClient(name);
}

async function countRows(connection: string, name: string): Promise<number> {
  return count((await rawTable(connection, name)).listEntities());
}

async function count(items: AsyncIterable<unknown>): Promise<number> {
  let total = 0;
  for await (const _ of items) total++;
  return total;
}

/** What a message of ours says. */
export function bodyOf({ messageText }: { messageText: string }): unknown {
  return JSON.parse(Buffer.from(messageText, 'base64').toString());
}
