import type { StorageQueueHandler } from '@azure/functions';
import { endJobIfDone } from '../../lib/jobs/job-end.ts';
import { nextCommand } from '../../lib/jobs/next-command.ts';
import { line, log } from '../../lib/log.ts';
import { problem } from '../../lib/problems.ts';
import { jobCommandIn } from '../../lib/storage/queues.ts';
import { withStorageRetry } from '../../lib/storage/transient-errors.ts';
import { storage } from '../storage.ts';
import { untilResumed } from './queue-handler.ts';

/** Queue `job-commands-poison`: the command was delivered the maximum number of times; a job whose images could not be listed is shown as Failed. */
export const handlePoisonedJobCommand: StorageQueueHandler = async (body) => {
  const command = jobCommandIn(body);
  log.error(line('job-command-exhausted', { command: command ?? body }));
  if (command?.kind !== 'dispatch') return;
  const error = problem('processing-failed', 'The images of the job could not be listed.').details;
  const { jobId } = command;
  const fail = async () => {
    const account = await storage();
    await untilResumed(account);
    await account.jobs.amendCounted(jobId, (now) =>
      nextCommand(now) === 'dispatch' && now.total === null ? { error } : null,
    );
    await endJobIfDone(account, jobId);
  };
  await withStorageRetry(fail, { job: jobId });
};
