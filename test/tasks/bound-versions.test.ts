/** A job by prefix works on the images that were listed; statistics count those that are no tasks yet. */

import { readStats } from '../../lib/recovery/stats.ts';
import { getImage } from '../../lib/storage/images.ts';
import { expandJob } from '../harness/job-commands.ts';
import { submitImages } from '../harness/submission.ts';
import { putUpload } from '../harness/uploads.ts';
import { useAccount } from '../harness/use.ts';

const account = useAccount();

async function submit(source: { images: string[] } | { prefix: string }): Promise<string> {
  return (await submitImages(account.storage, source)).id;
}

test('an image that is replaced after it was listed is not worked on', async () => {
  const { storage } = account;
  const upload = (text: string) => putUpload(account, 'bound/a.png', Buffer.from(text));
  await upload('first');
  const jobId = await submit({ prefix: 'bound/' });
  await expandJob(storage, jobId);
  const [task] = await Array.fromAsync(storage.tasks.list({ id: jobId, total: 1 }, { limit: 1 }));
  expect((await getImage(storage, task.input, 100)).toString()).toBe('first');
  await upload('other');
  await expect(getImage(storage, task.input, 100)).rejects.toMatchObject({
    details: { type: 'urn:tessera:problem:input-changed' },
  });
});

test('images of a job that is not expanded yet count as waiting', async () => {
  const { storage } = account;
  const before = (await readStats(storage)).stats.queued;
  await submit({ images: Array.from({ length: 2992 }, (_, i) => `${i}.png`) });
  expect((await readStats(storage)).stats.queued).toBe(before + 2992);
});
