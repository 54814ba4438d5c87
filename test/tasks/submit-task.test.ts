/** A task whose work was done before is made at its end; its callback comes all the same, whenever the instance dies. */
import { newJobId, taskIdOf } from '../../lib/model/ids.ts';
import { sweepDue } from '../../lib/recovery/due-sweep.ts';
import { resultBlob } from '../../lib/storage/blob-names.ts';
import { finishTask } from '../../lib/tasks/finish-task.ts';
import { takeMessages } from '../harness/messages.ts';
import { submitWithoutImage } from '../harness/submission.ts';
import { useProxiedAccount } from '../harness/use.ts';

const account = useProxiedAccount({ retries: 0 });
const callbackUrl = 'https://example.org/hook';
const minute = 60_000;

/** A task that has succeeded, and is found by this key. */
async function earlier(cacheKey: string): Promise<void> {
  const { storage } = account;
  const queued = await submitWithoutImage(storage, { cacheKey });
  const task = await storage.tasks.apply(queued, 'start', { attempts: 1, instance: 'one' });
  const blob = resultBlob(task.id);
  await storage.results.put(blob, Buffer.from('result'), 'image/png');
  const result = { blob, contentType: 'image/png', bytes: 6, width: 1, height: 1 };
  await finishTask(storage, task, 'succeed', { result, measurements: [] });
}

const dueLater = async () => {
  await sweepDue(account.storage, minute, { now: Date.now() + 2 * minute });
  return takeMessages(account.storage.callbackQueue);
};

test('told once where nothing happens', async () => {
  await earlier('a');
  const task = await submitWithoutImage(account.storage, { cacheKey: 'a', callbackUrl });
  expect(task).toMatchObject({ state: 'Succeeded', cached: true });
  expect(await takeMessages(account.storage.callbackQueue)).toEqual([{ id: task.id, attempt: 1 }]);
  expect(await dueLater()).toEqual([]);
});

test('told by the timer where the message could not be sent', async () => {
  await earlier('b');
  const jobId = newJobId();
  account.proxy.treat = ({ service }) => (service === 'Queue' ? 'refuse' : 'pass');
  await expect(submitWithoutImage(account.byProxy, { jobId, cacheKey: 'b', callbackUrl })).rejects.toThrow();
  account.proxy.treat = () => 'pass';
  expect(await account.storage.tasks.get(taskIdOf(jobId, 0))).toMatchObject({ state: 'Succeeded', cached: true });
  expect(await dueLater()).toEqual([{ id: taskIdOf(jobId, 0), attempt: 1 }]);
});
