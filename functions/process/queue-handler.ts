import type { InvocationContext, StorageQueueHandler } from '@azure/functions';
import { PauseSwitch } from '../../lib/instances/pause.ts';
import { line, log } from '../../lib/log.ts';
import type { Storage } from '../../lib/storage/storage.ts';
import { withStorageRetry } from '../../lib/storage/transient-errors.ts';
import { storage } from '../storage.ts';
import { stopping } from './stopping.ts';

export interface QueueHandler<Message> {
  /** What a message says; null where it is none of ours. */
  parse: (body: unknown) => Message | null;
  /** What the log says of a message that is none of ours. */
  reason: string;
  /** Names what the message is about in the log. */
  facts: (message: Message) => { task?: string; job?: string; id?: string };
  /** What it throws brings the message back. */
  handle: (account: Storage, message: Message, context: InvocationContext) => Promise<void>;
}

let pause: PauseSwitch | undefined;

/** Waits while the instances are paused. Throws where this one is about to end: the message goes to another. */
export async function untilResumed(account: Storage): Promise<void> {
  pause ??= new PauseSwitch(account);
  await pause.passed(stopping);
}

/** What every queue function does: drops what it cannot read, opens the storage, waits while the instances are paused. */
export function queueHandler<Message>({ parse, reason, facts, handle }: QueueHandler<Message>): StorageQueueHandler {
  return async (body, context) => {
    const message = parse(body);
    if (message === null) {
      log.error(line('message-dropped', { reason, body }));
      return;
    }
    const account = await withStorageRetry(async () => {
      const account = await storage();
      await untilResumed(account);
      return account;
    }, facts(message));
    await handle(account, message, context);
  };
}
