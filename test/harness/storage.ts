import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import type { Runner } from './runner.ts';
import { until } from './until.ts';

/** How much there is in a runner's account; a request that was refused must not change it. */
export async function contents(runner: Runner): Promise<{ rows: number; blobs: number; messages: number }> {
  const storage = await openStorage(runner.storage);
  return {
    rows: (
      await Promise.all([storage.tasks, storage.jobs, storage.callers].map((table) => count(table.listEntities())))
    ).reduce((a, b) => a + b),
    blobs: (await count(storage.inputs.listBlobsFlat())) + (await count(storage.results.listBlobsFlat())),
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
  const properties = await Promise.all(
    [taskQueue, jobTaskQueue, commandQueue, callbackQueue].map((queue) => queue.getProperties()),
  );
  return properties.reduce((sum, { approximateMessagesCount = 0 }) => sum + approximateMessagesCount, 0);
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
