import type { BlobLeaseClient, BlobServiceClient } from '@azure/storage-blob';
import type { SingletonConfig } from '../lib/config/host-config.ts';
import type { Log } from './log.ts';

/** What fires a function, from `start` to `stop`. */
export interface Listener {
  start(): void;
  stop(): void | Promise<void>;
}

/** Where the Functions host keeps its locks. */
const container = 'azure-webjobs-hosts';

/**
 * Lets a listener fire in one instance alone, as the Functions host does with timers: the one that holds the lease of a blob.
 * The others try again at an interval; that of an instance which has died comes free when the lease runs out.
 */
export class SingletonListener implements Listener {
  readonly #inner: Listener;
  readonly #name: string;
  readonly #service: BlobServiceClient;
  readonly #config: SingletonConfig;
  readonly #log: Log;
  #lease: BlobLeaseClient | null = null;
  #trying: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** `name` is that of the function. */
  constructor(inner: Listener, name: string, service: BlobServiceClient, config: SingletonConfig, log: Log) {
    this.#inner = inner;
    this.#name = name;
    this.#service = service;
    this.#config = config;
    this.#log = log;
  }

  start(): void {
    this.#trying = this.#try();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#trying;
    if (!this.#lease) return;
    await this.#inner.stop();
    await this.#lease.releaseLease().catch((error) => this.#warn('was not released', error));
  }

  async #try(): Promise<void> {
    try {
      if (this.#lease) await this.#lease.renewLease();
      else await this.#acquire();
    } catch (error) {
      this.#warn(this.#lease ? 'was not renewed' : 'could not be asked for', error);
      if (this.#lease && isConflict(error)) await this.#lose();
    }
    if (this.#stopped) return;
    const waitMs = this.#lease ? this.#config.lockPeriodMs / 2 : this.#config.recoveryMs;
    this.#timer = setTimeout(() => this.start(), waitMs);
  }

  async #acquire(): Promise<void> {
    const locks = this.#service.getContainerClient(container);
    await locks.createIfNotExists();
    const blob = locks.getBlockBlobClient(`locks/tessera/Host.Functions.${this.#name}.Listener`);
    const lease = blob.getBlobLeaseClient();
    try {
      if (!(await blob.exists())) await blob.upload('', 0, { conditions: { ifNoneMatch: '*' } });
      await lease.acquireLease(this.#config.lockPeriodMs / 1000);
    } catch (error) {
      // Another instance was quicker.
      if (isConflict(error)) return;
      throw error;
    }
    this.#lease = lease;
    if (!this.#stopped) this.#inner.start();
  }

  /** It was not renewed for so long that another instance has it. */
  async #lose(): Promise<void> {
    this.#lease = null;
    await this.#inner.stop();
  }

  #warn(what: string, error: unknown): void {
    this.#log('warning', `The lock of ${this.#name} ${what}: ${(error as Error).message}`);
  }
}

function isConflict(error: unknown): boolean {
  const { statusCode } = error as { statusCode?: number };
  return statusCode === 409 || statusCode === 412;
}
