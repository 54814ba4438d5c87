import type { StorageQueueHandler } from '@azure/functions';
import { endJobIfDone } from '../../lib/jobs/watch-job.ts';
import { line } from '../../lib/log.ts';
import { problem } from '../../lib/problems.ts';
import { nextStep } from '../../lib/recovery/lost-commands.ts';
import { JobStore } from '../../lib/storage/job-store.ts';
import { jobCommandIn } from '../../lib/storage/queues.ts';
import { withStorageRetry } from '../../lib/storage/transient-errors.ts';
import { storage } from '../storage.ts';

/** Queue `job-commands-poison`: a step failed as often as the queue delivers; a job whose tasks could not all be made is shown as Failed once the others are done. */
export const buryPoisonedJobCommand: StorageQueueHandler = async (body, context) => {
  const step = jobCommandIn(body);
  context.error(line('job-command-given-up', { step: step ?? body }));
  if (step?.step !== 'expand') return;
  const error = problem('processing-failed', 'The tasks of the job could not be made.').details;
  const { jobId } = step;
  const fail = async () => {
    const account = await storage();
    await new JobStore(account).amend(jobId, (now) => (nextStep(now) === 'expand' ? { error } : null));
    await endJobIfDone(account, jobId, context);
  };
  await withStorageRetry(fail, { job: jobId }, context);
};
