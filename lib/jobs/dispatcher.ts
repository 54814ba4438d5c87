/**
 * Enqueues the tasks of jobs, a bounded number at a time. The queue stays short, so that every caller and every job gets
 * its share of the instances at once, and a canceled job stops at once. One instance at a time runs the dispatcher.
 */
import { PauseSwitch } from '../instances/pause.ts';
import { maxDispatchFailures } from '../limits.ts';
import { line, log } from '../log.ts';
import { jobsAtOnce, messagesPerHeld, minWindow, refillPart } from '../model/dispatch-window.ts';
import { type Instance, isHeld, newLease, renewed } from '../model/lease.ts';
import { problem } from '../problems.ts';
import type { Backlog, BacklogEntry, StoredLease } from '../storage/backlog.ts';
import { forEachLimit } from '../storage/for-each-limit.ts';
import { enqueueJobCommand } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { isStorageFault } from '../storage/transient-errors.ts';
import { endJobIfDone } from './job-end.ts';
import { JobExpansion } from './job-expansion.ts';
import { shareRoom } from './shares.ts';
import { sweepTasks } from './sweep-tasks.ts';

export interface DispatcherOptions {
  instance: Instance;
  /** Duration of the lease, in milliseconds: if it is not renewed, another instance continues, and a job loses only seconds. */
  leaseMs?: number;
  /** Duration of a run, in milliseconds; another run follows. The platform ends invocations that take too long. */
  runMs?: number;
  /** Minimum number of messages to keep in the queue, including those being processed. */
  minWindow?: number;
}

/** Bounds of the time between two passes, in milliseconds. */
const passMs = { min: 100, max: 1000 };
const readBacklogMs = 1000;
const countInstancesMs = 2000;

/** A job that this instance dispatches. */
interface Dispatched {
  expansion: JobExpansion | null;
  failures: number;
}

export class Dispatcher {
  readonly #storage: Storage;
  readonly #backlog: Backlog;
  readonly #options: Required<DispatcherOptions>;
  readonly #jobs = new Map<string, Dispatched>();
  readonly #pauseSwitch: PauseSwitch;
  #running = false;
  #wake: () => void = () => {};
  #entries = new Map<string, BacklogEntry>();
  /** Jobs whose entries say what is not noted yet. */
  readonly #changed = new Set<string>();
  #readAt = 0;
  #held = { count: 0, at: 0 };
  #turn = 0;

  constructor(storage: Storage, options: DispatcherOptions) {
    this.#storage = storage;
    this.#backlog = storage.backlog;
    this.#pauseSwitch = new PauseSwitch(storage);
    this.#options = { leaseMs: 10_000, runMs: 600_000, minWindow, ...options };
  }

  /** Dispatches until the backlog is empty. Returns at once if another instance is dispatching. */
  async run(): Promise<void> {
    if (this.#running) {
      this.#readAt = 0;
      return this.#wake();
    }
    this.#running = true;
    try {
      // A job that was added while the last lease ended found the lease held.
      while (await this.#runOnce());
    } finally {
      this.#running = false;
    }
  }

  /** Whether there may be more to do for this run. */
  async #runOnce(): Promise<boolean> {
    let lease = await this.#claim();
    if (!lease) return false;
    const until = Date.now() + this.#options.runMs;
    const { stopping } = this.#options.instance;
    let waitMs = passMs.min;
    this.#entries.clear();
    try {
      for (;;) {
        const entries = await this.#readEntries();
        if (entries.length === 0 || stopping.aborted || Date.now() >= until) break;
        if (await this.#pauseSwitch.isPaused()) break;
        const room = await this.#pass(entries);
        lease = await this.#renewIfNeeded(lease);
        if (!lease) return false;
        waitMs = room === 0 ? Math.min(passMs.max, waitMs * 1.5) : Math.max(passMs.min, waitMs / 2);
        await this.#pause(waitMs);
      }
    } finally {
      await this.#closeAll();
      if (lease) await this.#backlog.endLease(lease.etag);
    }
    const [next] = await this.#backlog.list();
    if (!next) return false;
    if (!stopping.aborted && Date.now() < until && !(await this.#pauseSwitch.isPaused())) return true;
    await enqueueJobCommand(this.#storage.commandQueue, { jobId: next.jobId, kind: 'dispatch' });
    return false;
  }

  async #claim(): Promise<StoredLease | null> {
    const { instance, leaseMs } = this.#options;
    const found = await this.#backlog.lease();
    if (found && isHeld(found.lease, Date.now(), () => true)) return null;
    return this.#backlog.writeLease(newLease(instance.id, leaseMs), found?.etag ?? null);
  }

  async #renewIfNeeded(held: StoredLease): Promise<StoredLease | null> {
    const { leaseMs } = this.#options;
    if (held.lease.until - Date.now() > leaseMs / 2) return held;
    return this.#backlog.writeLease(renewed(held.lease, leaseMs), held.etag);
  }

  /** The backlog as it was read a moment ago, with what has been dispatched since; read again once a second, and when a job is added here. */
  async #readEntries(): Promise<BacklogEntry[]> {
    if (this.#entries.size === 0 || Date.now() - this.#readAt >= readBacklogMs) {
      const changed = [...this.#changed].flatMap((jobId) => this.#entries.get(jobId) ?? []);
      this.#changed.clear();
      await this.#backlog.note(changed);
      this.#readAt = Date.now();
      this.#entries = new Map((await this.#backlog.list()).map((entry) => [entry.jobId, entry]));
    }
    return [...this.#entries.values()];
  }

  /** Refills the queue once. Returns the room that was free. */
  async #pass(entries: BacklogEntry[]): Promise<number> {
    const [messages, held] = await Promise.all([this.#storage.jobTaskQueue.length(), this.#countHeld()]);
    const window = Math.max(this.#options.minWindow, messagesPerHeld * held);
    const room = roomFor(entries, window - messages, window);
    const shares = shareRoom(entries, room, this.#turn++);
    await forEachLimit(entries, jobsAtOnce, async (entry) => {
      const share = shares.get(entry.jobId) ?? 0;
      if (share === 0 && entry.waiting !== 0) return;
      const waiting = await this.#dispatch(entry, share);
      if (waiting === null || waiting === entry.waiting) return;
      this.#entries.set(entry.jobId, { ...entry, waiting });
      this.#changed.add(entry.jobId);
    });
    return room;
  }

  /** Enqueues up to `limit` tasks of the job. Gives how many wait after that; null where the job has left the backlog, or cannot be dispatched now. */
  async #dispatch(entry: BacklogEntry, limit: number): Promise<number | null> {
    const { jobId } = entry;
    const job = this.#jobs.get(jobId) ?? { expansion: null, failures: 0 };
    this.#jobs.set(jobId, job);
    try {
      const waiting = await this.#advance(job, jobId, limit);
      if (waiting === 0) await this.#leave(entry);
      job.failures = 0;
      return waiting || null;
    } catch (error) {
      if (isStorageFault(error)) throw error;
      job.failures++;
      log.error(line('job-dispatch-failed', { job: jobId, error: (error as Error).stack }));
      if (job.failures >= maxDispatchFailures) await this.#fail(entry, error as Error);
      return null;
    }
  }

  /** Null where another run has the job. */
  async #advance(job: Dispatched, jobId: string, limit: number): Promise<number | null> {
    if (job.expansion?.lost) job.expansion = null;
    const { instance, leaseMs } = this.#options;
    if (!job.expansion) {
      const found = await this.#storage.jobs.get(jobId);
      if (found?.sweep?.kind === 'retry') {
        const options = { instance, leaseMs, maxTasks: limit };
        const outcome = await sweepTasks(this.#storage, jobId, 'retry', options);
        if (outcome === 'done') await endJobIfDone(this.#storage, jobId);
        return outcome === 'done' ? this.#advance(job, jobId, 0) : outcome === 'held' ? null : found.counts.Failed;
      }
      const claimed = await JobExpansion.claim(this.#storage, jobId, { instance, leaseMs });
      if (claimed === 'over') return 0;
      if (claimed === 'held') return null;
      job.expansion = claimed;
    }
    await job.expansion.advance(limit);
    return job.expansion.lost ? null : job.expansion.waiting;
  }

  async #leave(entry: BacklogEntry): Promise<void> {
    this.#jobs.delete(entry.jobId);
    this.#entries.delete(entry.jobId);
    this.#changed.delete(entry.jobId);
    await this.#backlog.remove(entry);
  }

  async #fail(entry: BacklogEntry, { message }: Error): Promise<void> {
    const error = problem('processing-failed', `The tasks of the job could not be created: ${message}`).details;
    await this.#storage.jobs.amend(entry.jobId, () => ({ error }));
    await endJobIfDone(this.#storage, entry.jobId);
    await this.#leave(entry);
  }

  async #closeAll(): Promise<void> {
    const jobs = [...this.#jobs.values()];
    this.#jobs.clear();
    await forEachLimit(jobs, jobsAtOnce, async ({ expansion }) => expansion?.close());
  }

  /** Tasks that instances have in hand. */
  async #countHeld(): Promise<number> {
    if (Date.now() - this.#held.at < countInstancesMs) return this.#held.count;
    const alive = await this.#storage.instances.alive();
    const count = alive.reduce((sum, { tasks }) => sum + tasks.length, 0);
    this.#held = { count, at: Date.now() };
    return count;
  }

  /** Until the time is over, a job is added by this process, or the instance is to stop. */
  async #pause(ms: number): Promise<void> {
    const { stopping } = this.#options.instance;
    if (stopping.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        stopping.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      stopping.addEventListener('abort', wake);
      this.#wake = wake;
    });
  }
}

/** The room to fill: zero if it is small, unless all waiting tasks fit into it. */
function roomFor(entries: BacklogEntry[], free: number, window: number): number {
  const waiting = entries.reduce((sum, entry) => sum + (entry.waiting ?? Number.POSITIVE_INFINITY), 0);
  return free >= Math.min(waiting, window * refillPart) ? free : 0;
}
