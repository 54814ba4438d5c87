import type { DequeuedMessageItem, QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { QueueConfig } from '../lib/config/host-config.ts';
import type { RegisteredFunction } from './functions-core.ts';
import type { Invoker } from './invocation.ts';
import type { Log } from './log.ts';
import { type IdlePolling, PollingDelays } from './polling-delays.ts';

/** How long a message belongs to the instance that fetched it; renewed at half-time while the function runs. */
const leaseSeconds = 600;
/** The service gives at most so many messages in a call. */
const maxBatch = 32;

/** Feeds one queue function, by the rules of the Functions host's queue extension. */
export class QueueListener {
  readonly #fn: RegisteredFunction;
  readonly #queue: QueueClient;
  readonly #poison: QueueClient;
  readonly #config: QueueConfig;
  readonly #invoker: Invoker;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #delays: PollingDelays;
  #polling: Promise<void> = Promise.resolve();
  /** Ends the wait between two looks into the queue. */
  #look: () => void = () => {};
  #lookAt = Number.POSITIVE_INFINITY;
  #lookTimer: NodeJS.Timeout | undefined;

  /** `idle` is slower than the host, for a machine that has other things to do; null for the host's rules alone. */
  constructor(
    fn: RegisteredFunction,
    queueName: string,
    service: QueueServiceClient,
    config: QueueConfig,
    invoker: Invoker,
    log: Log,
    idle: IdlePolling | null = null,
  ) {
    this.#fn = fn;
    this.#queue = service.getQueueClient(queueName);
    this.#poison = service.getQueueClient(`${queueName}-poison`);
    this.#config = config;
    this.#invoker = invoker;
    this.#log = log;
    this.#delays = new PollingDelays(config.maxPollingIntervalMs, idle, Date.now());
  }

  /** The queue's URL, without protocol. */
  get queue(): string {
    return this.#queue.url.replace(/^\w+:\/\//, '');
  }

  start(): void {
    this.#polling = this.#poll();
  }

  /** Fetches no further message; those at work are finished and deleted. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#lookTimer);
    this.#look();
    await this.#polling;
    await Promise.all(this.#inFlight);
  }

  /** A message becomes visible in so many milliseconds: the queue is looked into then. */
  expect(visibleInMs: number): void {
    const at = Date.now() + visibleInMs;
    if (at >= this.#lookAt || this.#stopping.signal.aborted) return;
    clearTimeout(this.#lookTimer);
    this.#lookAt = at;
    this.#lookTimer = setTimeout(() => {
      this.#lookAt = Number.POSITIVE_INFINITY;
      this.#delays.expect(Date.now());
      this.#look();
    }, visibleInMs);
  }

  async #poll(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      // From before the look on, so that no message is missed that comes during it.
      const expected = new Promise<void>((resolve) => {
        this.#look = resolve;
      });
      const messages = await this.#receive();
      for (const message of messages) this.#track(this.#handle(message));
      if (messages.length > 0) {
        this.#delays.expect(Date.now());
        while (this.#inFlight.size > this.#config.newBatchThreshold) await Promise.race(this.#inFlight);
      } else {
        const { promise: waited, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, this.#delays.next(Date.now()));
        await Promise.race([expected, waited]);
        clearTimeout(timer);
      }
    }
  }

  async #receive(): Promise<DequeuedMessageItem[]> {
    try {
      const numberOfMessages = Math.min(maxBatch, this.#config.batchSize);
      const { receivedMessageItems } = await this.#queue.receiveMessages({
        numberOfMessages,
        visibilityTimeout: leaseSeconds,
      });
      return receivedMessageItems;
    } catch (error) {
      if (!isMissingQueue(error))
        this.#log('warning', `Queue ${this.#queue.name} cannot be read: ${(error as Error).message}`);
      return [];
    }
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error) => this.#log('error', `Queue ${this.#queue.name}: ${(error as Error).stack}`))
      .finally(() => this.#inFlight.delete(tracked));
    this.#inFlight.add(tracked);
  }

  async #handle(message: DequeuedMessageItem): Promise<void> {
    const lease = new Lease(this.#queue, message, this.#log);
    const text = decode(message.messageText, this.#config.messageEncoding);
    const exhausted = message.dequeueCount > this.#config.maxDequeueCount;
    const done = text !== null && !exhausted && (await this.#invoke(message, text));
    const popReceipt = await lease.end();
    if (done) {
      await this.#queue.deleteMessage(message.messageId, popReceipt);
    } else if (text === null || message.dequeueCount >= this.#config.maxDequeueCount) {
      await this.#moveToPoison(message, popReceipt);
    } else {
      const seconds = Math.round(this.#config.visibilityTimeoutMs / 1000);
      await this.#queue.updateMessage(message.messageId, popReceipt, message.messageText, seconds);
    }
  }

  /** Whether the function took the message; its error is in the log. */
  async #invoke(message: DequeuedMessageItem, text: string): Promise<boolean> {
    const trigger = {
      data: { string: text },
      metadata: {
        QueueTrigger: { string: text },
        Id: { string: message.messageId },
        DequeueCount: { json: String(message.dequeueCount) },
        InsertionTime: { json: JSON.stringify(message.insertedOn) },
        ExpirationTime: { json: JSON.stringify(message.expiresOn) },
        NextVisibleTime: { json: JSON.stringify(message.nextVisibleOn) },
        PopReceipt: { string: message.popReceipt },
      },
    };
    return this.#invoker.invoke(this.#fn, trigger).then(
      () => true,
      () => false,
    );
  }

  async #moveToPoison(message: DequeuedMessageItem, popReceipt: string): Promise<void> {
    await this.#poison.createIfNotExists();
    await this.#poison.sendMessage(message.messageText, { messageTimeToLive: -1 });
    await this.#queue.deleteMessage(message.messageId, popReceipt);
    this.#log('warning', `Message ${message.messageId} was moved to queue ${this.#poison.name}.`);
  }
}

/** Keeps a message hidden from others while it is worked on; each renewal changes the receipt. */
class Lease {
  #popReceipt: string;
  readonly #timer: NodeJS.Timeout;
  #renewal: Promise<void> = Promise.resolve();

  constructor(queue: QueueClient, { messageId, messageText, popReceipt }: DequeuedMessageItem, log: Log) {
    this.#popReceipt = popReceipt;
    const renew = async () => {
      try {
        const renewed = await queue.updateMessage(messageId, this.#popReceipt, messageText, leaseSeconds);
        this.#popReceipt = renewed.popReceipt ?? this.#popReceipt;
      } catch (error) {
        log('warning', `The lease of message ${messageId} was not renewed: ${(error as Error).message}`);
      }
    };
    this.#timer = setInterval(() => {
      this.#renewal = renew();
    }, leaseSeconds * 500);
  }

  /** Ends the renewals; gives the receipt that is valid now. */
  async end(): Promise<string> {
    clearInterval(this.#timer);
    await this.#renewal;
    return this.#popReceipt;
  }
}

/** The text of a message, or null where it is not valid in the encoding. */
function decode(text: string, encoding: QueueConfig['messageEncoding']): string | null {
  if (encoding === 'none') return text;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes.toString('utf8') : null;
}

function isMissingQueue(error: unknown): boolean {
  return (error as { code?: string }).code === 'QueueNotFound';
}
