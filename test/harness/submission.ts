import { type JobSubmission, submitJob } from '../../lib/jobs/submit-job.ts';
import { newJobId } from '../../lib/model/ids.ts';
import type { StoredJob } from '../../lib/model/job.ts';
import type { StoredTask } from '../../lib/model/task.ts';
import type { Storage } from '../../lib/storage/storage.ts';
import { type Submission, submitTask } from '../../lib/tasks/submit-task.ts';

/** Submits a task by itself, over an image that is nowhere. */
export function submitWithoutImage(storage: Storage, changes: Partial<Submission> = {}): Promise<StoredTask> {
  return submitTask(storage, {
    jobId: newJobId(),
    owner: 'anonymous',
    requestId: 'test',
    createdAt: new Date(),
    steps: [],
    output: {},
    page: 1,
    input: { blob: 'none', name: null, contentType: 'image/png', bytes: 1, width: 1, height: 1 },
    reference: null,
    callbackUrl: null,
    cacheKey: null,
    ...changes,
  });
}

/** Submits a job of uploaded images, or of so many that are nowhere. */
export function submitImages(
  storage: Storage,
  images: number | JobSubmission['source'],
  changes: Partial<JobSubmission> = {},
): Promise<StoredJob> {
  const source = typeof images === 'number' ? { images: Array.from({ length: images }, (_, i) => `${i}.png`) } : images;
  return submitJob(storage, {
    id: newJobId(),
    owner: 'anonymous',
    requestId: 'test',
    name: null,
    createdAt: new Date(),
    steps: [],
    output: {},
    page: 1,
    reference: null,
    callbackUrl: null,
    source,
    ...changes,
  });
}
