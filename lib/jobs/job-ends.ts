import { inBackground, line, log } from '../log.ts';
import type { Storage } from '../storage/storage.ts';
import { endJobIfDone } from './job-end.ts';

/** Half the time until the job is probably done, within these bounds, in milliseconds. */
const waitMs = { first: 300, last: 10_000 };
/** Jobs whose pace is remembered. */
const maxKept = 1000;

export interface JobCheck {
  at: number;
  /** Tasks that were not done then. */
  open: number;
}

/**
 * Notices the end of a job soon after its last task. A process checks a job a moment after one of its tasks has ended here,
 * unless it holds another task of the job by then. So the process that ends the last task checks after it, and a process that is
 * busy with the job does not. Where the process dies in that moment, the timer checks.
 */
export class JobEnds {
  readonly #storage: Storage;
  readonly #isInHand: (jobId: string) => boolean;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #last = new Map<string, { check: JobCheck; doneAt: number }>();

  constructor(storage: Storage, isInHand: (jobId: string) => boolean) {
    this.#storage = storage;
    this.#isInHand = isInHand;
  }

  /** Schedules a check: a task of the job has ended here. */
  taskEnded(jobId: string): void {
    if (this.#timers.has(jobId)) return;
    const wait = delayToCheck(this.#last.get(jobId)?.doneAt ?? 0, Date.now());
    const timer = inBackground(() => setTimeout(() => void this.#check(jobId), wait).unref());
    this.#timers.set(jobId, timer);
  }

  /** Runs the pending checks at once, because the process is about to stop. */
  async stop(): Promise<void> {
    const jobs = [...this.#timers.keys()];
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(jobs.map((jobId) => this.#check(jobId)));
  }

  async #check(jobId: string): Promise<void> {
    this.#timers.delete(jobId);
    if (this.#isInHand(jobId)) return;
    try {
      const job = await endJobIfDone(this.#storage, jobId);
      const open = job ? job.counts.Queued + job.counts.Running : 0;
      if (open > 0) this.#keep(jobId, { at: Date.now(), open });
      else this.#last.delete(jobId);
    } catch (error) {
      log.warn(line('job-check-failed', { job: jobId, error: (error as Error).message }));
    }
  }

  #keep(jobId: string, check: JobCheck): void {
    const before = this.#last.get(jobId)?.check;
    this.#last.delete(jobId);
    this.#last.set(jobId, { check, doneAt: before ? expectedEnd(before, check) : check.at });
    const [oldest] = this.#last.keys();
    if (this.#last.size > maxKept) this.#last.delete(oldest);
  }
}

/** When the job is done at the pace between two checks; where none ended between them, the time of the later. */
export function expectedEnd(before: JobCheck, now: JobCheck): number {
  const ended = before.open - now.open;
  return now.at + (ended > 0 ? ((now.at - before.at) * now.open) / ended : 0);
}

/** Milliseconds from `now` to the next check of a job that is probably done at `doneAt`. */
export function delayToCheck(doneAt: number, now: number): number {
  return Math.min(waitMs.last, Math.max(waitMs.first, (doneAt - now) / 2));
}
