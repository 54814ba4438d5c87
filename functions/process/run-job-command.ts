import { setTimeout as sleep } from 'node:timers/promises';
import { Dispatcher } from '../../lib/jobs/dispatcher.ts';
import { runJobCommand } from '../../lib/jobs/job-commands.ts';
import type { Job } from '../../lib/model/job.ts';
import { handBackSteps } from '../../lib/recovery/lost-commands.ts';
import { jobCommandIn } from '../../lib/storage/queues.ts';
import type { Storage } from '../../lib/storage/storage.ts';
import { withStorageRetry } from '../../lib/storage/transient-errors.ts';
import { openTasks } from '../open-tasks.ts';
import { settings } from '../settings.ts';
import { heartbeatIn } from './heartbeat.ts';
import { queueHandler } from './queue-handler.ts';
import { stopping } from './stopping.ts';

let dispatcher: Dispatcher | undefined;
const instance = { id: settings.instanceId, stopping };
const running = new Set<Promise<void>>();
/** So long a stopped step may take to come to a point from which another instance can go on. */
const pauseMs = 2000;

/** Queue `job-commands`: a portion of what is done to a job as a whole. What it throws brings the message back. */
export const runQueuedJobCommand = queueHandler({
  parse: jobCommandIn,
  reason: 'not a command on a job',
  facts: ({ jobId: job }) => ({ job }),
  handle: async (account, command) => {
    const heartbeat = heartbeatIn(account);
    const { instanceSilentMs: silentMs } = settings;
    dispatcher ??= new Dispatcher(account, { instance });
    const options = { dispatcher, instance, silentMs, admitImages: admitImagesIn(account) };
    const run = async () => {
      await heartbeat.announce();
      await runJobCommand(account, command, options);
    };
    const done = heartbeat.duringStep(command, () => withStorageRetry(run, { job: command.jobId }));
    running.add(done);
    await done.finally(() => running.delete(done));
  },
});

/** Counts the images that a listing has found as their owner's open tasks. */
function admitImagesIn(account: Storage) {
  return async ({ id: jobId, owner }: Job, tasks: number) => {
    await openTasks.admit(account, { owner, jobId, tasks });
    openTasks.settle(owner, jobId);
  };
}

/** The instance is about to end: its steps pause, and go to others. Whether all have. */
export async function stopJobCommands(account: Storage): Promise<boolean> {
  await Promise.race([Promise.allSettled(running), sleep(pauseMs, undefined, { ref: false })]);
  return handBackSteps(account, heartbeatIn(account).jobCommands, settings.instanceId);
}
