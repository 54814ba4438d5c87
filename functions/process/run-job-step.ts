import type { StorageQueueHandler } from '@azure/functions';
import { runJobStep } from '../../lib/tasks/job-steps.ts';
import { line } from '../../lib/tasks/log.ts';
import { jobStepIn } from '../../lib/tasks/queue.ts';
import { patiently } from '../../lib/tasks/storage-faults.ts';
import { storage } from '../storage.ts';

/** Queue `job-steps`: a portion of what is done to a job as a whole. What it throws brings the message back. */
export const runQueuedJobStep: StorageQueueHandler = async (body, context) => {
  const step = jobStepIn(body);
  if (step === null) {
    context.error(line('message-dropped', { reason: 'not a step of a job', body }));
    return;
  }
  await patiently(async () => runJobStep(await storage(), step, context), { job: step.jobId }, context);
};
