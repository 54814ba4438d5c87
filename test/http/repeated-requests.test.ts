/** Requests with an Idempotency-Key, as the rows see them: what is the same request, and what is left after a failure. */

import { Idempotency, Replay } from '../../lib/http/idempotency.ts';
import { problem } from '../../lib/problems.ts';
import { openStorage } from '../../lib/storage/storage.ts';
import { rawTable } from '../harness/storage.ts';
import { StorageProxy } from '../harness/storage-proxy.ts';
import { useAccount } from '../harness/use.ts';

const account = useAccount();
let keys = 0;

/** Begins requests of the call under a key of its own. */
function newRequest() {
  const key = `key-${++keys}`;
  return (storage = account.storage) => new Idempotency(storage).begin('anonymous', 'createJob', key);
}

const wanted = { steps: [{ operation: 'canny', params: { blur: 1, low: 2 } }], images: ['a.png'] };
const reordered = { images: ['a.png'], steps: [{ params: { low: 2, blur: 1 }, operation: 'canny' }] };
const other = { ...wanted, images: ['b.png'] };
const reused = { details: { type: 'urn:tessera:problem:idempotency-key-reused' } };

test('the order of names in objects makes no other request; the order of a list does', async () => {
  const begin = newRequest();
  const once = await begin();
  await once.check(wanted);
  await once.finish({ status: 202, body: 'made' });
  await expect((await begin()).check(reordered)).rejects.toBeInstanceOf(Replay);
  const turned = { ...wanted, images: ['b.png', 'a.png'] };
  await expect((await begin()).check(turned)).rejects.toMatchObject(reused);
});

test('a long answer is given again whole', async () => {
  const begin = newRequest();
  const once = await begin();
  await once.check(wanted);
  const answer = { status: 202, headers: { Location: '/api/jobs/x' }, body: 'long '.repeat(50_000) };
  await once.finish(answer);
  const replay = await (await begin()).check(wanted).catch((error) => error);
  expect(replay.answer).toMatchObject({ status: 202, headers: { Location: '/api/jobs/x' }, body: answer.body });
  await expect((await begin()).check(other)).rejects.toMatchObject(reused);
});

test('after a failure of ours the same request goes on with its job, another is refused', async () => {
  const begin = newRequest();
  const first = await begin();
  await first.check(wanted);
  await first.abandon(new Error('The storage does not answer.'));
  const second = await begin();
  const refusal = await second.check(other).catch((error) => error);
  expect(refusal).toMatchObject(reused);
  await second.abandon(refusal);
  const third = await begin();
  await third.check(wanted);
  expect(third.jobId).toBe(first.jobId);
});

test('a note whose answer was lost keeps nobody waiting', async () => {
  const proxy = await StorageProxy.start(account.connection);
  try {
    const byProxy = await openStorage(proxy.connection, { retries: 0 });
    const begin = newRequest();
    const first = await begin(byProxy);
    proxy.treat = ({ service, method }) => (service === 'Table' && method === 'PUT' ? 'lose' : 'pass');
    const failure = await first.check(wanted).catch((error) => error);
    proxy.treat = () => 'pass';
    await first.abandon(failure);
    const second = await begin();
    await second.check(wanted);
    expect(second.jobId).toBe(first.jobId);
  } finally {
    proxy.stop();
  }
});

test('after an instance has died in the middle, too, the same request goes on, and another is refused', async () => {
  const begin = newRequest();
  const first = await begin();
  await first.check(wanted);
  const callers = await rawTable(account.connection, 'callers');
  for await (const { partitionKey = '', rowKey = '', jobId } of callers.listEntities<{ jobId: string }>())
    if (jobId === first.jobId) await callers.updateEntity({ partitionKey, rowKey, startedAt: new Date(0) }, 'Merge');
  const second = await begin();
  const refusal = await second.check(other).catch((error) => error);
  expect(refusal).toMatchObject(reused);
  await second.abandon(refusal);
  const third = await begin();
  await third.check(wanted);
  expect(third.jobId).toBe(first.jobId);
});

test('a request that was refused has made nothing: another may have its key', async () => {
  const begin = newRequest();
  const first = await begin();
  await first.check(wanted);
  await first.abandon(problem('invalid-parameter', 'No.'));
  const second = await begin();
  await second.check(other);
  expect(second.jobId).not.toBe(first.jobId);
});

test('a request that failed before it was read may be any', async () => {
  const begin = newRequest();
  await (await begin()).abandon(new Error('The storage does not answer.'));
  await (await begin()).check(other);
});
