/** What is done to a job as a whole, in portions that may each run more than once. */

import { isDone, type StoredJob } from '../model/job.ts';
import { type Instance, unknownInstance } from '../model/lease.ts';
import { enqueueJobCommand, type JobCommand } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { deleteTasks } from '../tasks/delete-tasks.ts';
import type { Dispatcher } from './dispatcher.ts';
import { endJobIfDone } from './job-end.ts';
import { type ExpansionOptions, JobExpansion } from './job-expansion.ts';
import { backlogEntryOf, nextCommand } from './next-command.ts';
import { sweepTasks } from './sweep-tasks.ts';

/** So many tasks are canceled or deleted in one portion. */
const portionTasks = 1000;

export interface JobCommandOptions {
  dispatcher: Dispatcher;
  instance?: Instance;
  /** Whoever is silent for so long is taken for dead. */
  silentMs: number;
  admitImages?: ExpansionOptions['admitImages'];
}

export async function runJobCommand(
  storage: Storage,
  { jobId, kind }: JobCommand,
  { dispatcher, instance = unknownInstance, silentMs, admitImages }: JobCommandOptions,
): Promise<void> {
  const options = { instance, leaseMs: silentMs };
  switch (kind) {
    case 'dispatch':
      await addToBacklog(storage, jobId, { ...options, admitImages });
      return dispatcher.run();
    case 'cancel': {
      const outcome = await sweepTasks(storage, jobId, kind, { ...options, maxTasks: portionTasks });
      if (outcome === 'done') await endJobIfDone(storage, jobId);
      if (outcome === 'more') await enqueueJobCommand(storage.commandQueue, { jobId, kind });
      return;
    }
    case 'delete': {
      const job = await storage.jobs.get(jobId);
      if (job && !(await deleteTasks(storage, job, portionTasks)))
        await enqueueJobCommand(storage.commandQueue, { jobId, kind });
    }
  }
}

/** Lists the images of a job by prefix, and lets the job's tasks wait for room in the queue. */
async function addToBacklog(storage: Storage, jobId: string, options: ExpansionOptions): Promise<void> {
  const job = await storage.jobs.get(jobId);
  if (!job || isDone(job)) return;
  if (job.total !== null) return addIfWaiting(storage, job);
  const expansion = await JobExpansion.claim(storage, jobId, options);
  if (typeof expansion === 'string') return;
  await expansion.list();
  await expansion.close();
  if (expansion.job.error) await endJobIfDone(storage, jobId);
  else if (!expansion.lost) {
    const listed = await storage.jobs.get(jobId);
    if (listed) await addIfWaiting(storage, listed);
  }
}

async function addIfWaiting(storage: Storage, job: StoredJob): Promise<void> {
  if (nextCommand(job) === 'dispatch') await storage.backlog.add(backlogEntryOf(job));
}
