import type { StorageQueueHandler } from '@azure/functions';
import { runJobStep } from '../../lib/tasks/job-steps.ts';
import { line } from '../../lib/tasks/log.ts';
import { jobStepIn } from '../../lib/tasks/queue.ts';
import { patiently } from '../../lib/tasks/storage-faults.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';
import { heartbeatIn } from './heartbeat.ts';

/** Queue `job-steps`: a portion of what is done to a job as a whole. What it throws brings the message back. */
export const runQueuedJobStep: StorageQueueHandler = async (body, context) => {
  const step = jobStepIn(body);
  if (step === null) {
    context.error(line('message-dropped', { reason: 'not a step of a job', body }));
    return;
  }
  const facts = { job: step.jobId };
  const account = await patiently(storage, facts, context);
  const heartbeat = heartbeatIn(account);
  const run = async () => {
    await heartbeat.announce();
    await runJobStep(account, step, settings.workerSilentMs, context);
  };
  await heartbeat.duringStep(step, context, () => patiently(run, facts, context));
};
