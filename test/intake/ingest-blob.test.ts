import { deliverCallback } from '../../lib/callbacks/deliver.ts';
import { blobCreatedEvent, createdBlobIn } from '../../lib/intake/blob-created.ts';
import { failIntake, type Intake, ingestBlob } from '../../lib/intake/ingest-blob.ts';
import { Pipelines } from '../../lib/intake/pipelines.ts';
import { taskIdOf } from '../../lib/model/ids.ts';
import type { BlobContainer } from '../../lib/storage/blob-container.ts';
import { resultBlob } from '../../lib/storage/blob-names.ts';
import { callbackIn, taskIdIn } from '../../lib/storage/queues.ts';
import { finishTask } from '../../lib/tasks/finish-task.ts';
import { fixture } from '../harness/fixtures.ts';
import { takeMessages } from '../harness/messages.ts';
import { useAccount } from '../harness/use.ts';

const account = useAccount();
let intake: Intake;
beforeEach(() => {
  const { storage } = account;
  intake = {
    storage,
    pipelines: new Pipelines(storage),
    owner: 'name-intake',
    retentionMs: 3600_000,
    maxBytes: 2 ** 20,
    maxPixels: 1e7,
    traceRatio: 0,
  };
});

/** Puts a blob there; gives the event that tells of it, as the queue delivers it. */
async function drop(name: string, bytes: Uint8Array | string) {
  await account.storage.intake.put(name, Buffer.from(bytes as string), 'application/octet-stream');
  const created = await account.storage.intake.properties(name);
  return blobCreatedEvent({ name, etag: created?.etag as string }, 'test', new Date());
}

async function tell(event: unknown) {
  const blob = createdBlobIn(JSON.parse(JSON.stringify(event)));
  if (blob === null) throw new Error('not an event of ours');
  await ingestBlob(intake, blob);
}

async function jsonIn(container: BlobContainer, name: string) {
  return JSON.parse((await container.text(name)) ?? 'null');
}

const jobs = () => Array.fromAsync(account.storage.ownerIndex.list('name-intake'));
const tasksQueued = async () => (await takeMessages(account.storage.taskQueue)).map(taskIdIn);

test('an event of Event Grid is understood, and no other message', () => {
  const event = {
    specversion: '1.0',
    type: 'Microsoft.Storage.BlobCreated',
    source: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a',
    id: '9aeb0fdf-c01e-0131-0922-9eb54906e209',
    time: '2026-11-18T15:13:39.4589254Z',
    subject: '/blobServices/default/containers/intake/blobs/shop/a b/%41.png',
    data: { api: 'PutBlockList', eTag: '0x8D76C39E4407333', contentLength: 30, url: 'https://…', sequencer: '0' },
  };
  const blob = { name: 'shop/a b/%41.png', etag: '"0x8D76C39E4407333"', eventId: event.id };
  expect(createdBlobIn(event)).toEqual(blob);
  expect(createdBlobIn({ ...event, subject: event.subject.slice(1) })).toEqual(blob);
  expect(createdBlobIn({ ...event, type: 'Microsoft.Storage.BlobDeleted' })).toBeNull();
  expect(createdBlobIn({ ...event, subject: event.subject.replace('intake', 'outbox') })).toBeNull();
  expect(createdBlobIn('text')).toBeNull();
});

test('an image becomes one task of its pipeline, however often it is told of', async () => {
  await drop('edges/pipeline.json', JSON.stringify({ operation: 'canny', params: { blur: 2 } }));
  const event = await drop('edges/deep/coins.png', fixture('coins.png'));
  const before = (await jobs()).length;
  await Promise.all([tell(event), tell(event)]);
  await tell({ ...event, id: 'another' });
  const ids = await tasksQueued();
  expect(new Set(ids).size).toBe(1);
  const task = await account.storage.tasks.get(ids[0] as string);
  expect(task).toMatchObject({
    state: 'Queued',
    owner: 'name-intake',
    steps: [{ operation: 'canny', params: { blur: 2 } }],
    input: { name: 'coins.png', contentType: 'image/png', width: 384, height: 303 },
  });
  const listed = new Set((await jobs()).map(({ id }) => id));
  expect(listed.size).toBe(before + 1);
  // The task has the image for its own.
  await account.storage.intake.delete('edges/deep/coins.png');
  expect(await account.storage.inputs.properties(task?.input.blob as string)).not.toBeNull();
});

test('another image of the same name is another task, and the event of the first is of no use any more', async () => {
  await drop('twice/pipeline.json', JSON.stringify({ preset: 'thumbnail' }));
  const first = await drop('twice/a.png', fixture('coins.png'));
  const second = await drop('twice/a.png', fixture('box.png'));
  await tell(first);
  expect(await tasksQueued()).toEqual([]);
  await tell(second);
  expect(await tasksQueued()).toHaveLength(1);
});

test.each([
  ['no JSON', '{"operation": ', { type: 'urn:tessera:problem:malformed-request' }],
  ['no operation', '{"operation": "cany"}', { type: 'urn:tessera:problem:unknown-operation', field: 'operation' }],
  ['a field of its own', '{"operation": "canny", "callbackUrl": "https://example.org"}', { field: 'callbackUrl' }],
  ['a comparison', '{"operation": "difference"}', { type: 'urn:tessera:problem:missing-reference' }],
])('a pipeline of %s is answered beside it; when it is mended its images are taken', async (name, wrong, told) => {
  const { storage } = account;
  const folder = name.replaceAll(' ', '-');
  await tell(await drop(`${folder}/pipeline.json`, wrong));
  await tell(await drop(`${folder}/box.png`, fixture('box.png')));
  expect(await jsonIn(storage.intake, `${folder}/problem.json`)).toMatchObject({ ...told, status: 400 });
  expect(await tasksQueued()).toEqual([]);
  await tell(await drop(`${folder}/pipeline.json`, '{"operation": "canny"}'));
  expect(await jsonIn(storage.intake, `${folder}/problem.json`)).toBeNull();
  for (const event of await takeMessages(storage.intakeQueue)) await tell(event);
  expect(await tasksQueued()).toHaveLength(1);
});

test('a folder without a pipeline says that it needs one', async () => {
  await tell(await drop('none/box.png', fixture('box.png')));
  expect((await jsonIn(account.storage.intake, 'none/problem.json')).detail).toContain('none/pipeline.json');
});

test('what cannot be taken has its problem in the outbox', async () => {
  const { storage } = account;
  await drop('refuse/pipeline.json', '{"operation": "canny"}');
  await tell(await drop('refuse/notes.txt', 'no image'));
  await tell(await drop('refuse/empty.png', ''));
  await tell(await drop('refuse/large.png', Buffer.concat([fixture('box.png'), Buffer.alloc(2 ** 20)])));
  await tell(await drop('lost.png', fixture('box.png')));
  const problems = ['refuse/notes.txt', 'refuse/empty.png', 'refuse/large.png', 'lost.png'];
  const types = problems.map(async (name) =>
    (await jsonIn(storage.outbox, `${name}.problem.json`)).type.split(':').at(-1),
  );
  expect(await Promise.all(types)).toEqual([
    'unsupported-image',
    'empty-image',
    'image-too-large',
    'missing-operation',
  ]);
  expect(await tasksQueued()).toEqual([]);
  const blob = { name: 'refuse/box.png', etag: '"1"', eventId: 'e' };
  await failIntake(storage, blob);
  expect(await jsonIn(storage.outbox, 'refuse/box.png.problem.json')).toMatchObject({ status: 500 });
});

test('an image that is older than tasks are kept is not taken again', async () => {
  await drop('old/pipeline.json', '{"operation": "canny"}');
  const event = await drop('old/box.png', fixture('box.png'));
  intake.retentionMs = -60_000;
  await tell(event);
  expect(await tasksQueued()).toEqual([]);
});

describe('at its end', () => {
  const options = {
    allowedHosts: [],
    retryDelaysMs: [],
    view: { task: async ({ id, state }: { id: string; state: string }) => ({ id, state }), job: async () => ({}) },
  };

  async function end(name: string, how: 'succeed' | 'fail', image = fixture('box.png')) {
    const { storage } = account;
    await drop('end/pipeline.json', '{"operation": "canny"}');
    await tell(await drop(name, image));
    const [id] = (await tasksQueued()) as string[];
    const store = storage.tasks;
    const task = await store.apply((await store.get(id)) as never, 'start', { attempts: 1 });
    await storage.results.put(resultBlob(id), fixture('coins.png'), 'image/png');
    const result = { blob: resultBlob(id), contentType: 'image/png', bytes: 1, width: 1, height: 1 };
    const error = { type: 'urn:tessera:problem:corrupt-image', status: 422, title: 'Damaged', detail: 'Damaged.' };
    await finishTask(storage, task, how, how === 'succeed' ? { result } : { error });
    const deliver = async () => {
      for (const message of await takeMessages(storage.callbackQueue))
        await deliverCallback(storage, callbackIn(message) as never, options);
    };
    return { id, deliver };
  }

  test('the picture and the task are in the outbox under its name', async () => {
    const { storage } = account;
    const { id, deliver } = await end('end/box.png', 'succeed');
    await deliver();
    expect(await jsonIn(storage.outbox, 'end/box.png.json')).toEqual({ id, state: 'Succeeded' });
    const picture = await storage.outbox.range('end/box.png.png', 0, 1e8);
    expect(picture.equals(fixture('coins.png'))).toBe(true);
    expect((await storage.tasks.get(id))?.callback?.deliveredAt).not.toBeNull();
  });

  test('a task that failed leaves its problem, until a better image comes', async () => {
    const { storage } = account;
    await (await end('end/bad.png', 'fail')).deliver();
    expect(await jsonIn(storage.outbox, 'end/bad.png.problem.json')).toMatchObject({ status: 422 });
    await (await end('end/bad.png', 'succeed', fixture('coins.png'))).deliver();
    expect(await jsonIn(storage.outbox, 'end/bad.png.problem.json')).toBeNull();
    expect(await jsonIn(storage.outbox, 'end/bad.png.json')).not.toBeNull();
  });

  test('the end of an image that was replaced meanwhile does not stand for the new one', async () => {
    const { storage } = account;
    const { deliver } = await end('end/slow.png', 'succeed');
    await storage.intake.putText('end/slow.png', 'another');
    await deliver();
    expect(await jsonIn(storage.outbox, 'end/slow.png.json')).toBeNull();
  });
});

test('ids of intake cannot be told from names', async () => {
  await drop('ids/pipeline.json', '{"operation": "canny"}');
  const event = await drop('ids/box.png', fixture('box.png'));
  await tell(event);
  const [id] = await tasksQueued();
  const uploadSecret = Buffer.alloc(32, 1);
  intake = { ...intake, storage: { ...account.storage, uploadSecret } };
  await tell(event);
  const [other] = await tasksQueued();
  expect(id).toMatch(/-0$/);
  expect(other).not.toBe(id);
  expect(taskIdOf((other as string).slice(0, 26), 0)).toBe(other);
});
