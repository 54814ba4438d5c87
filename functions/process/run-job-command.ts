import { setTimeout as sleep } from 'node:timers/promises';
import type { StorageQueueHandler } from '@azure/functions';
import { Dispatcher } from '../../lib/jobs/dispatcher.ts';
import { runJobCommand } from '../../lib/jobs/job-commands.ts';
import { consoleLog, type Log, line } from '../../lib/log.ts';
import type { Job } from '../../lib/model/job.ts';
import { handBackSteps } from '../../lib/recovery/lost-commands.ts';
import { jobCommandIn } from '../../lib/storage/queues.ts';
import type { Storage } from '../../lib/storage/storage.ts';
import { withStorageRetry } from '../../lib/storage/transient-errors.ts';
import { openTasks } from '../open-tasks.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';
import { heartbeatIn } from './heartbeat.ts';

let dispatcher: Dispatcher | undefined;
const stopping = new AbortController();
const instance = { id: settings.instanceId, stopping: stopping.signal };
const running = new Set<Promise<void>>();
/** So long a stopped step may take to come to a point from which another instance can go on. */
const pauseMs = 2000;

/** Queue `job-commands`: a portion of what is done to a job as a whole. What it throws brings the message back. */
export const runQueuedJobCommand: StorageQueueHandler = async (body, context) => {
  const step = jobCommandIn(body);
  if (step === null) {
    context.error(line('message-dropped', { reason: 'not a step of a job', body }));
    return;
  }
  const facts = { job: step.jobId };
  const account = await withStorageRetry(storage, facts, context);
  if (stopping.signal.aborted) throw new Error('This instance is about to end.');
  const heartbeat = heartbeatIn(account);
  const run = async () => {
    await heartbeat.announce();
    const { instanceSilentMs: silentMs } = settings;
    dispatcher ??= new Dispatcher(account, { instance }, consoleLog);
    const admitImages = async ({ id: jobId, owner }: Job, tasks: number) => {
      await openTasks.admit(account, { owner, jobId, tasks });
      openTasks.settle(owner, jobId);
    };
    await runJobCommand(account, step, { dispatcher, instance, silentMs, admitImages }, context);
  };
  const done = heartbeat.duringStep(step, context, () => withStorageRetry(run, facts, context));
  running.add(done);
  await done.finally(() => running.delete(done));
};

/** The instance is about to end: its steps pause, and go to others. Whether all have. */
export async function stopJobCommands(account: Storage, log: Log): Promise<boolean> {
  stopping.abort();
  await Promise.race([Promise.allSettled(running), sleep(pauseMs, undefined, { ref: false })]);
  return handBackSteps(account, heartbeatIn(account).jobCommands, settings.instanceId, log);
}
