/** What a task asks of its storage account, where there are two. */
import { Engine } from '../../lib/imaging/engine.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { newJobId, taskIdOf } from '../../lib/model/ids.ts';
import { uploadBlob } from '../../lib/storage/blob-names.ts';
import { declaredLengthHeader } from '../../lib/storage/declared-length.ts';
import { accountOfPartition, accountsOfBlob } from '../../lib/storage/placement.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { processTask } from '../../lib/tasks/process-task.ts';
import { fixture } from '../harness/fixtures.ts';
import { expandJob } from '../harness/job-commands.ts';
import { processorFor } from '../harness/processor.ts';
import { askFor } from '../harness/shared/client.ts';
import { StorageProxy } from '../harness/storage-proxy.ts';
import { submitImages } from '../harness/submission.ts';

let proxies: StorageProxy[];
let engine: Engine;
beforeAll(async () => {
  const connections = [await askFor('account'), await askFor('account'), await askFor('account')];
  proxies = await Promise.all(connections.map(({ connection }) => StorageProxy.start(connection)));
  engine = new Engine({ threads: 1, timeLimitMs: 60_000, pixelsInFlight: 1e8, maxHeapBytes: 2 ** 30 });
});
afterAll(async () => {
  await engine?.close();
  for (const proxy of proxies ?? []) proxy.stop();
});

const total = 5;
/** An upload that goes to the second of two accounts. */
const image = Array.from({ length: 30 }, (_, i) => `${i}.png`).find(
  (name) => accountsOfBlob(uploadBlob('anonymous', name), 2)[0] === 1,
) as string;

/** Works on the tasks of a job; gives how many requests each proxy has seen for that. */
async function cost(storage: Storage, id: string): Promise<number[]> {
  const [blob, body] = [uploadBlob('anonymous', image), fixture('box.png')];
  const declared = declaredLengthHeader(storage.uploadSecret, blob, body.length);
  await fetch(await storage.inputs.writeLink(blob, new Date(Date.now() + 60_000)), {
    method: 'PUT',
    headers: { 'x-ms-blob-type': 'BlockBlob', ...declared },
    body,
  });
  const steps = parseSteps([{ operation: 'invert' }]);
  const images = Array(total).fill(image);
  await submitImages(storage, { images }, { id, steps });
  await expandJob(storage, id);
  const processor = processorFor(storage, engine);
  for (const proxy of proxies) proxy.requests.length = 0;
  for (let index = 0; index < total; index++) await processTask(processor, taskIdOf(id, index));
  await processor.heartbeat.stop();
  const asked = proxies.map(({ requests }) => requests.length);
  for (let index = 0; index < total; index++)
    expect((await storage.tasks.get(taskIdOf(id, index)))?.state).toBe('Succeeded');
  return asked;
}

test('a task costs as many requests as in one account, and the first account has none of those for rows and blobs', async () => {
  const [single, first, second] = proxies;
  const [inOne] = await cost(await openStorage(single.connection), newJobId());
  let id = newJobId(2);
  while (accountOfPartition(id) !== 1) id = newJobId(2);
  const storage = await openStorage(first.connection, { further: [second.connection] });
  const [, inFirst, inSecond] = await cost(storage, id);
  expect(inFirst + inSecond).toBeLessThanOrEqual(inOne);
  expect(inSecond).toBeGreaterThanOrEqual(4 * total);
  const paths = first.requests.map(({ service, path }) => `${service} ${path.split('?')[0]}`);
  expect(paths.filter((path) => !/^Table \/(instances|callers)/.test(path))).toEqual([]);
});
