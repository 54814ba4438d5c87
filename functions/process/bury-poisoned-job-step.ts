import type { StorageQueueHandler } from '@azure/functions';
import { problem } from '../../lib/problems.ts';
import { JobStore } from '../../lib/tasks/job-store.ts';
import { endJobIfDone } from '../../lib/tasks/job-watch.ts';
import { line } from '../../lib/tasks/log.ts';
import { nextStep } from '../../lib/tasks/lost-steps.ts';
import { jobStepIn } from '../../lib/tasks/queue.ts';
import { patiently } from '../../lib/tasks/storage-faults.ts';
import { storage } from '../storage.ts';

/** Queue `job-steps-poison`: a step failed as often as the queue delivers; a job whose tasks could not all be made is shown as Failed once the others are done. */
export const buryPoisonedJobStep: StorageQueueHandler = async (body, context) => {
  const step = jobStepIn(body);
  context.error(line('job-step-given-up', { step: step ?? body }));
  if (step?.step !== 'expand') return;
  const error = problem('processing-failed', 'The tasks of the job could not be made.').details;
  const { jobId } = step;
  const fail = async () => {
    const account = await storage();
    await new JobStore(account).amend(jobId, (now) => (nextStep(now) === 'expand' ? { error } : null));
    await endJobIfDone(account, jobId, context);
  };
  await patiently(fail, { job: jobId }, context);
};
