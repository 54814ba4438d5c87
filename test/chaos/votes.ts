/** What the platform's scale controller would have seen: it starts instances by the length of each queue. */
import { openStorage } from '../../lib/storage/storage.ts';

/** `batchSize` + `newBatchThreshold` of host.json: so many messages are an instance's. */
const messagesPerInstance = 6;
const sampleMs = 1000;

export interface Votes {
  /** Instances that it would have wanted for all queues together: at most, and on average. */
  max: number;
  mean: number;
  /** Messages in all queues, waiting and at work: at most. */
  maxMessages: number;
}

/** Looks at the queues once a second until the signal; a look that fails, as the storage is away, is left out. */
export async function countVotes(connection: string, signal: AbortSignal): Promise<Votes> {
  const { taskQueue, jobTaskQueue, commandQueue, callbackQueue } = await openStorage(connection, { retries: 0 });
  const votes: number[] = [];
  let maxMessages = 0;
  while (!signal.aborted) {
    const lengths = await Promise.all(
      [taskQueue, jobTaskQueue, commandQueue, callbackQueue].map((queue) => queue.getProperties()),
    ).catch(() => null);
    if (lengths) {
      const messages = lengths.map(({ approximateMessagesCount = 0 }) => approximateMessagesCount);
      votes.push(messages.reduce((sum, length) => sum + Math.ceil(length / messagesPerInstance), 0));
      maxMessages = Math.max(
        maxMessages,
        messages.reduce((a, b) => a + b),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, sampleMs));
  }
  const mean = votes.reduce((a, b) => a + b, 0) / Math.max(1, votes.length);
  return { max: Math.max(0, ...votes), mean: Math.round(mean * 10) / 10, maxMessages };
}
