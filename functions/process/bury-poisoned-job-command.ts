import type { StorageQueueHandler } from '@azure/functions';
import { endJobIfDone } from '../../lib/jobs/job-end.ts';
import { nextStep } from '../../lib/jobs/next-step.ts';
import { line, log } from '../../lib/log.ts';
import { problem } from '../../lib/problems.ts';
import { jobCommandIn } from '../../lib/storage/queues.ts';
import { withStorageRetry } from '../../lib/storage/transient-errors.ts';
import { storage } from '../storage.ts';
import { untilResumed } from './queue-handler.ts';

/** Queue `job-commands-poison`: a command failed as often as the queue delivers; a job whose images could not be listed is shown as Failed. */
export const buryPoisonedJobCommand: StorageQueueHandler = async (body) => {
  const step = jobCommandIn(body);
  log.error(line('job-command-given-up', { step: step ?? body }));
  if (step?.step !== 'dispatch') return;
  const error = problem('processing-failed', 'The images of the job could not be listed.').details;
  const { jobId } = step;
  const fail = async () => {
    const account = await storage();
    await untilResumed(account);
    await account.jobs.amendCounted(jobId, (now) =>
      nextStep(now) === 'dispatch' && now.total === null ? { error } : null,
    );
    await endJobIfDone(account, jobId);
  };
  await withStorageRetry(fail, { job: jobId });
};
