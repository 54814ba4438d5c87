/** Messages: they carry ids alone, never expire while they are needed, and are encoded as the Functions host expects. */
import type { QueueClient } from '@azure/storage-queue';
import { z } from 'zod';
import { isJobId, parseTaskId } from '../model/ids.ts';

const taskMessage = z.object({ taskId: z.string().refine((id) => parseTaskId(id) !== null) });

const jobCommand = z.object({
  jobId: z.string().refine(isJobId),
  step: z.enum(['dispatch', 'cancel', 'delete']),
});
/** One portion of work on a job as a whole. */
export type JobCommand = z.output<typeof jobCommand>;

const callbackMessage = z.object({ id: z.string(), attempt: z.int().min(1) });
export interface TaskQueues {
  taskQueue: QueueClient;
  jobTaskQueue: QueueClient;
}

/** A task or job whose end is to be told, for the `attempt`th time. */
export type CallbackMessage = z.output<typeof callbackMessage>;

/**
 * Enqueues a task. A task of a job has a queue of its own, which is kept short, so that no job stands before a single task.
 * A task that lost its instance goes back to the same queue: its instances are warm.
 */
export async function enqueueTask(
  { taskQueue, jobTaskQueue }: TaskQueues,
  { id: taskId, inJob }: { id: string; inJob: boolean },
): Promise<void> {
  await send(inJob ? jobTaskQueue : taskQueue, { taskId } satisfies z.output<typeof taskMessage>);
}

export async function enqueueJobCommand(queue: QueueClient, step: JobCommand): Promise<void> {
  await send(queue, step);
}

export async function enqueueIntakeEvent(queue: QueueClient, event: object): Promise<void> {
  await send(queue, event);
}

/** It never expires unless a lifetime is given. */
export async function enqueueCallback(
  queue: QueueClient,
  message: CallbackMessage,
  lifetimeMs?: number,
): Promise<void> {
  await send(queue, message, lifetimeMs);
}

/**
 * It is to be seen at once: the platform counts hidden messages when it decides how many instances to start. What is to be
 * done later is a row (due-rows.ts).
 */
async function send(queue: QueueClient, message: object, lifetimeMs?: number): Promise<void> {
  const text = Buffer.from(JSON.stringify(message)).toString('base64');
  const messageTimeToLive = lifetimeMs === undefined ? -1 : Math.ceil(lifetimeMs / 1000);
  await queue.sendMessage(text, { messageTimeToLive });
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
