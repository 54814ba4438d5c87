/** Delivers the messages of queue `job-steps` as the host does, one after the other. */
import { sweepDue } from '../../lib/tasks/due-sweep.ts';
import { runJobStep } from '../../lib/tasks/job-steps.ts';
import { jobStepIn } from '../../lib/tasks/queue.ts';
import type { Storage } from '../../lib/tasks/storage.ts';
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
    for (const body of await drain(storage.jobQueue)) {
      const step = jobStepIn(body);
      if (step) await runJobStep(storage, step, silentMs, silentLog);
    }
    await sweepDue(storage, silentMs, silentLog, { now: Date.now() + 3600_000 });
  }
  return (await storage.jobQueue.getProperties()).approximateMessagesCount ?? 0;
}
