/** What the platform's scale controller would have seen: it starts instances by the length of each queue. */
import { readHostConfig } from '../../lib/config/host-config.ts';
import { projectRoot } from '../../lib/project-root.ts';
import type { MessageQueue } from '../../lib/storage/queues.ts';
import { openStorage } from '../../lib/storage/storage.ts';

const { batchSize, newBatchThreshold } = readHostConfig(projectRoot, {}).queues;
/** So many messages are an instance's. */
const messagesPerInstance = batchSize + newBatchThreshold;
const sampleMs = 1000;

export interface QueueVotes {
  /** Instances that it would have wanted for this queue: at most, and on average. */
  max: number;
  mean: number;
  /** Messages, waiting and at work: at most. */
  maxMessages: number;
}

/** By the queue's name: each has a scale group of its own. */
export type Votes = Record<string, QueueVotes>;

/** Looks at the queues once a second until the signal; a look that fails, as the storage is away, is left out. */
export async function countVotes(connection: string, signal: AbortSignal): Promise<Votes> {
  const { taskQueue, jobTaskQueue, commandQueue, callbackQueue } = await openStorage(connection, { retries: 0 });
  const queues = [taskQueue, jobTaskQueue, commandQueue, callbackQueue];
  const samples = new Map<string, Look[]>(queues.map(({ name }) => [name, []]));
  while (!signal.aborted) {
    const looks = await Promise.all(queues.map(lookAt)).catch(() => []);
    for (const look of looks) samples.get(look.queue)?.push(look);
    await new Promise((resolve) => setTimeout(resolve, sampleMs));
  }
  return Object.fromEntries([...samples].map(([queue, looks]) => [queue, summary(looks)]));
}

interface Look {
  queue: string;
  messages: number;
  vote: number;
}

/** Hidden messages count, unless no other is there: then the queue is taken for empty. */
async function lookAt(queue: MessageQueue): Promise<Look> {
  const messages = await queue.length();
  const visible = messages > 0 && (await queue.peek()).length > 0;
  return { queue: queue.name, messages, vote: visible ? Math.ceil(messages / messagesPerInstance) : 0 };
}

function summary(looks: Look[]): QueueVotes {
  const votes = looks.map(({ vote }) => vote);
  const mean = votes.reduce((a, b) => a + b, 0) / Math.max(1, votes.length);
  return {
    max: Math.max(0, ...votes),
    mean: Math.round(mean * 10) / 10,
    maxMessages: Math.max(0, ...looks.map(({ messages }) => messages)),
  };
}
