/** Delivers the messages of queue `job-commands` as the host does, one after the other. */

import { Dispatcher } from '../../lib/jobs/dispatcher.ts';
import { runJobCommand } from '../../lib/jobs/job-commands.ts';
import { type ExpansionOptions, JobExpansion } from '../../lib/jobs/job-expansion.ts';
import { type Instance, unknownInstance } from '../../lib/model/lease.ts';
import { sweepDue } from '../../lib/recovery/due-sweep.ts';
import { type JobCommand, jobCommandIn, type MessageQueue } from '../../lib/storage/queues.ts';
import type { Storage } from '../../lib/storage/storage.ts';
import { bodyOf } from './storage.ts';

/** Makes and enqueues the tasks of a job, so many at a time, as if there were room for all. */
export async function expandJob(
  storage: Storage,
  jobId: string,
  { batchTasks = 99, ...options }: ExpansionOptions & { batchTasks?: number } = {},
): Promise<void> {
  const expansion = await JobExpansion.claim(storage, jobId, options);
  if (typeof expansion === 'string') return;
  await expansion.list();
  while (expansion.waiting > 0 && !expansion.lost) await expansion.advance(batchTasks);
  await expansion.close();
}

/** Carries out a command as `instance` does, in a process of its own. */
export async function runCommand(
  storage: Storage,
  command: JobCommand,
  silentMs: number,
  instance: Instance = unknownInstance,
): Promise<void> {
  // Nothing takes the tasks out of the queue here.
  const dispatcher = new Dispatcher(storage, { instance, minWindow: 100_000 });
  await runJobCommand(storage, command, { dispatcher, instance, silentMs });
}

/** Forgets the jobs that wait for room in the queue. */
export async function clearBacklog(storage: Storage): Promise<void> {
  const backlog = storage.backlog;
  for (const entry of await backlog.list()) await backlog.remove(entry);
}

/** As time ends the lease of a dispatcher that has died. */
export async function endDispatch(storage: Storage): Promise<void> {
  const held = await storage.backlog.lease();
  if (held) await storage.backlog.endLease(held.etag);
}

/** All messages of a queue, also those that are to be seen later. It is empty then. */
export async function drain({ client: queue }: MessageQueue): Promise<unknown[]> {
  const bodies: unknown[] = [];
  while ((await queue.getProperties()).approximateMessagesCount) {
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32, visibilityTimeout: 30 });
    for (const message of receivedMessageItems) {
      bodies.push(bodyOf(message));
      await queue.deleteMessage(message.messageId, message.popReceipt);
    }
  }
  return bodies;
}

/** The messages in the queue, each with all that follow from it, at most `rounds` times over; after each the timer's look at jobs. Gives how many there are still. */
export async function deliverAll(storage: Storage, silentMs: number, rounds = 1): Promise<number> {
  for (let round = 0; round < rounds; round++) {
    for (const body of await drain(storage.commandQueue)) {
      const command = jobCommandIn(body);
      if (command) await runCommand(storage, command, silentMs);
    }
    await sweepDue(storage, silentMs, { now: Date.now() + 3600_000 });
  }
  return (await storage.commandQueue.client.getProperties()).approximateMessagesCount ?? 0;
}
