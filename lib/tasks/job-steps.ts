/** What is done to a job as a whole, in portions that may each run more than once. */
import { deleteTasks } from './delete-tasks.ts';
import { type ExpandOptions, expandJob } from './expand.ts';
import { type Instance, unknownInstance } from './job-lease.ts';
import { sweepTasks } from './job-sweep.ts';
import { endJobIfDone } from './job-watch.ts';
import type { Log } from './log.ts';
import { enqueueJobStep, type JobStep } from './queue.ts';
import type { Storage } from './storage.ts';

/** So many tasks are deleted in one portion. */
const portionTasks = 1000;

/** Whoever is silent for `silentMs` is taken for dead. */
export async function runJobStep(
  storage: Storage,
  step: JobStep,
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
        await enqueueJobStep(storage.jobQueue, { jobId, step: 'delete' });
  }
}
