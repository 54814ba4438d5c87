import type { QueueClient } from '@azure/storage-queue';
import { z } from 'zod';

const message = z.object({ taskId: z.string() });

/** Puts the task in line. The message carries the id alone, never expires, and is encoded as the Functions host expects. */
export async function enqueueTask(queue: QueueClient, taskId: string): Promise<void> {
  const text = Buffer.from(JSON.stringify({ taskId } satisfies z.input<typeof message>)).toString('base64');
  await queue.sendMessage(text, { messageTimeToLive: -1 });
}

/** The task id in a message as the host hands it over; null where the message is none of ours. */
export function taskIdIn(body: unknown): string | null {
  return message.safeParse(body).data?.taskId ?? null;
}
