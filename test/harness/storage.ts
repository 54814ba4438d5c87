import { openStorage, type Storage } from '../../lib/tasks/storage.ts';
import type { Runner } from './runner.ts';

/** How much there is in a runner's account; a request that was refused must not change it. */
export async function contents(runner: Runner): Promise<{ rows: number; blobs: number; messages: number }> {
  const storage = await openStorage(runner.storage);
  return {
    rows: await count(storage.tasks.listEntities()),
    blobs: (await count(storage.inputs.listBlobsFlat())) + (await count(storage.results.listBlobsFlat())),
    messages: (await waiting(storage)) ?? 0,
  };
}

async function waiting({ queue }: Storage): Promise<number | undefined> {
  return (await queue.getProperties()).approximateMessagesCount;
}

async function count(items: AsyncIterable<unknown>): Promise<number> {
  let total = 0;
  for await (const _ of items) total++;
  return total;
}
