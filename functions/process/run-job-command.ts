import { setTimeout as sleep } from 'node:timers/promises';
import { Dispatcher } from '../../lib/jobs/dispatcher.ts';
import { runJobCommand } from '../../lib/jobs/job-commands.ts';
import type { Job } from '../../lib/model/job.ts';
import { releaseCommands } from '../../lib/recovery/lost-commands.ts';
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
/** How long a stopped command may take to reach a point from which another instance can continue, in milliseconds. */
const pauseMs = 2000;

/** Queue `job-commands`: runs one portion of a job command. An error returns the message to the queue. */
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
    const done = heartbeat.duringCommand(command, () => withStorageRetry(run, { job: command.jobId }));
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

/** Pauses and requeues the running commands, because the instance is about to stop. Returns whether all were requeued. */
export async function stopJobCommands(account: Storage): Promise<boolean> {
  await Promise.race([Promise.allSettled(running), sleep(pauseMs, undefined, { ref: false })]);
  return releaseCommands(account, heartbeatIn(account).jobCommands, settings.instanceId);
}
