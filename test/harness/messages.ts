import type { MessageQueue } from '../../lib/storage/queues.ts';
import { bodyOf } from './storage.ts';

/** Takes all visible messages out of a queue; gives what they say. */
export async function takeMessages({ client: queue }: MessageQueue): Promise<unknown[]> {
  const bodies: unknown[] = [];
  for (;;) {
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
    if (receivedMessageItems.length === 0) return bodies;
    for (const message of receivedMessageItems) {
      bodies.push(bodyOf(message));
      await queue.deleteMessage(message.messageId, message.popReceipt);
    }
  }
}
