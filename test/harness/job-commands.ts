/** Delivers the messages of queue `job-commands` as the host does, one after the other. */

import { runJobCommand } from '../../lib/jobs/job-commands.ts';
import { sweepDue } from '../../lib/recovery/due-sweep.ts';
import { jobCommandIn } from '../../lib/storage/queues.ts';
import type { Storage } from '../../lib/storage/storage.ts';
import { silentLog } from './account.ts';
import { bodyOf } from './storage.ts';

/** All messages of a queue, also those that are to be seen later. It is empty then. */
export async function drain(queue: Storage['queue']): Promise<unknown[]> {
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
      const step = jobCommandIn(body);
      if (step) await runJobCommand(storage, step, silentMs, silentLog);
    }
    await sweepDue(storage, silentMs, silentLog, { now: Date.now() + 3600_000 });
  }
  return (await storage.commandQueue.getProperties()).approximateMessagesCount ?? 0;
}
