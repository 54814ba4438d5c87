/** What is done to a job as a whole, in portions that may each run more than once. */

import type { Log } from '../log.ts';
import { type Instance, unknownInstance } from '../model/lease.ts';
import { enqueueJobCommand, type JobCommand } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { deleteTasks } from './delete-tasks.ts';
import { type ExpandOptions, expandJob } from './expand-job.ts';
import { sweepTasks } from './sweep-tasks.ts';
import { endJobIfDone } from './watch-job.ts';

/** So many tasks are deleted in one portion. */
const portionTasks = 1000;

/** Whoever is silent for `silentMs` is taken for dead. */
export async function runJobCommand(
  storage: Storage,
  step: JobCommand,
  silentMs: number,
  log: Log,
  instance: Instance = unknownInstance,
  admitImages?: ExpandOptions['admitImages'],
): Promise<void> {
  const { jobId } = step;
  const options = { instance, leaseMs: silentMs };
  switch (step.step) {
    case 'expand':
      return expandJob(storage, jobId, log, { ...options, ...(admitImages && { admitImages }) });
    case 'cancel':
    case 'retry':
      if (await sweepTasks(storage, jobId, step.step, options, log)) await endJobIfDone(storage, jobId, log);
      return;
    case 'delete':
      if (!(await deleteTasks(storage, jobId, portionTasks)))
        await enqueueJobCommand(storage.commandQueue, { jobId, step: 'delete' });
  }
}
