/** Messages: they carry ids alone, never expire while they are needed, and are encoded as the Functions host expects. */
import type { QueueClient } from '@azure/storage-queue';
import { z } from 'zod';
import { isJobId, parseTaskId } from '../model/ids.ts';

const taskMessage = z.object({ taskId: z.string().refine((id) => parseTaskId(id) !== null) });

const jobCommand = z.object({
  jobId: z.string().refine(isJobId),
  kind: z.enum(['dispatch', 'cancel', 'delete']),
});
/** One portion of work on a job as a whole. */
export type JobCommand = z.output<typeof jobCommand>;

const callbackMessage = z.object({ id: z.string(), attempt: z.int().min(1) });
/** A task or job whose end is to be told, for the `attempt`th time. */
export type CallbackMessage = z.output<typeof callbackMessage>;

/** How many messages can be looked at without taking them. */
export const maxPeeked = 32;

/** A queue: messages are JSON in Base64. */
export class MessageQueue {
  /** For tests and tools: functions get their messages from the host. */
  readonly client: QueueClient;

  constructor(client: QueueClient) {
    this.client = client;
  }

  get name(): string {
    return this.client.name;
  }

  /**
   * Sends a message that never expires unless a lifetime is given. It is to be seen at once: the platform counts hidden messages
   * when it decides how many instances to start. What is to be done later is a row (due-rows.ts).
   */
  async send(message: object, lifetimeMs?: number): Promise<void> {
    const text = Buffer.from(JSON.stringify(message)).toString('base64');
    const messageTimeToLive = lifetimeMs === undefined ? -1 : Math.ceil(lifetimeMs / 1000);
    await this.client.sendMessage(text, { messageTimeToLive });
  }

  /** Messages, hidden ones too, as the storage estimates them: never less than there are. */
  async length(): Promise<number> {
    return (await this.client.getProperties()).approximateMessagesCount ?? 0;
  }

  /** The first visible messages, up to 32, and since when each is there. What is no JSON is null. */
  async peek(limit = 1): Promise<{ body: unknown; since: Date }[]> {
    const { peekedMessageItems } = await this.client.peekMessages({ numberOfMessages: limit });
    return peekedMessageItems.map(({ messageText, insertedOn }) => ({ body: bodyOf(messageText), since: insertedOn }));
  }
}

function bodyOf(messageText: string): unknown {
  try {
    return JSON.parse(Buffer.from(messageText, 'base64').toString());
  } catch {
    return null;
  }
}

export interface TaskQueues {
  taskQueue: MessageQueue;
  jobTaskQueue: MessageQueue;
}

/**
 * Enqueues a task. A task of a job has a queue of its own, which is kept short, so that no job stands before a single task.
 * A task that lost its instance goes back to the same queue: its instances are warm.
 */
export async function enqueueTask(
  { taskQueue, jobTaskQueue }: TaskQueues,
  { id: taskId, inJob }: { id: string; inJob: boolean },
): Promise<void> {
  await (inJob ? jobTaskQueue : taskQueue).send({ taskId } satisfies z.output<typeof taskMessage>);
}

export async function enqueueJobCommand(queue: MessageQueue, command: JobCommand): Promise<void> {
  await queue.send(command);
}

export async function enqueueCallback(
  queue: MessageQueue,
  message: CallbackMessage,
  lifetimeMs?: number,
): Promise<void> {
  await queue.send(message, lifetimeMs);
}

/** The task id in a message as the host hands it over; null where the message is none of ours, as below. */
export function taskIdIn(body: unknown): string | null {
  return taskMessage.safeParse(body).data?.taskId ?? null;
}

export function jobCommandIn(body: unknown): JobCommand | null {
  return jobCommand.safeParse(body).data ?? null;
}

export function callbackIn(body: unknown): CallbackMessage | null {
  return callbackMessage.safeParse(body).data ?? null;
}
