import { setTimeout as sleep } from 'node:timers/promises';
import type { StorageQueueHandler } from '@azure/functions';
import { runJobStep } from '../../lib/tasks/job-steps.ts';
import { type Log, line } from '../../lib/tasks/log.ts';
import { handBackSteps } from '../../lib/tasks/lost-steps.ts';
import { jobStepIn } from '../../lib/tasks/queue.ts';
import type { Storage } from '../../lib/tasks/storage.ts';
import { patiently } from '../../lib/tasks/storage-faults.ts';
import { openTasks } from '../open-tasks.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';
import { heartbeatIn } from './heartbeat.ts';

const stopping = new AbortController();
const instance = { id: settings.instanceId, stopping: stopping.signal };
const running = new Set<Promise<void>>();
/** So long a stopped step may take to come to a point from which another instance can go on. */
const pauseMs = 2000;

/** Queue `job-steps`: a portion of what is done to a job as a whole. What it throws brings the message back. */
export const runQueuedJobStep: StorageQueueHandler = async (body, context) => {
  const step = jobStepIn(body);
  if (step === null) {
    context.error(line('message-dropped', { reason: 'not a step of a job', body }));
    return;
  }
  const facts = { job: step.jobId };
  const account = await patiently(storage, facts, context);
  if (stopping.signal.aborted) throw new Error('This instance is about to end.');
  const heartbeat = heartbeatIn(account);
  const run = async () => {
    await heartbeat.announce();
    await runJobStep(account, step, settings.workerSilentMs, context, instance, async ({ id: jobId, owner }, tasks) => {
      await openTasks.admit(account, { owner, jobId, tasks });
      openTasks.settle(owner, jobId);
    });
  };
  const done = heartbeat.duringStep(step, context, () => patiently(run, facts, context));
  running.add(done);
  await done.finally(() => running.delete(done));
};

/** The instance is about to end: its steps pause, and go to others. Whether all have. */
export async function stopJobSteps(account: Storage, log: Log): Promise<boolean> {
  stopping.abort();
  await Promise.race([Promise.allSettled(running), sleep(pauseMs, undefined, { ref: false })]);
  return handBackSteps(account, heartbeatIn(account).jobSteps, settings.instanceId, log);
}
