import { inBackground, line, log } from '../log.ts';
import type { Storage } from '../storage/storage.ts';
import { endJobIfDone } from './job-end.ts';

/** Half the time until the job is probably done, within these bounds, in milliseconds. */
const waitMs = { first: 300, last: 10_000 };
/** Jobs whose pace is remembered. */
const maxKept = 1000;

export interface Look {
  at: number;
  /** Tasks that were not done then. */
  open: number;
}

/**
 * Sees that a job is done soon after its last task. Each process looks at a job a moment after a task of it has ended here, if
 * it has none of the job in hand by then. So whichever process ends the last task looks after that, and a process that is
 * busy with the job does not. Where the process dies in that moment, the timer looks.
 */
export class JobEnds {
  readonly #storage: Storage;
  readonly #isInHand: (jobId: string) => boolean;
  readonly #looking = new Map<string, NodeJS.Timeout>();
  readonly #last = new Map<string, { look: Look; doneAt: number }>();

  constructor(storage: Storage, isInHand: (jobId: string) => boolean) {
    this.#storage = storage;
    this.#isInHand = isInHand;
  }

  /** A task of the job was in hand here, and is no longer. */
  taskEnded(jobId: string): void {
    if (this.#looking.has(jobId)) return;
    const wait = untilLook(this.#last.get(jobId)?.doneAt ?? 0, Date.now());
    const timer = inBackground(() => setTimeout(() => void this.#look(jobId), wait).unref());
    this.#looking.set(jobId, timer);
  }

  /** Looks at once at what was to be looked at: the process is about to end. */
  async stop(): Promise<void> {
    const jobs = [...this.#looking.keys()];
    for (const timer of this.#looking.values()) clearTimeout(timer);
    await Promise.all(jobs.map((jobId) => this.#look(jobId)));
  }

  async #look(jobId: string): Promise<void> {
    this.#looking.delete(jobId);
    if (this.#isInHand(jobId)) return;
    try {
      const job = await endJobIfDone(this.#storage, jobId);
      const open = job ? job.counts.Queued + job.counts.Running : 0;
      if (open > 0) this.#keep(jobId, { at: Date.now(), open });
      else this.#last.delete(jobId);
    } catch (error) {
      log.warn(line('job-look-failed', { job: jobId, error: (error as Error).message }));
    }
  }

  #keep(jobId: string, look: Look): void {
    const before = this.#last.get(jobId)?.look;
    this.#last.delete(jobId);
    this.#last.set(jobId, { look, doneAt: before ? expectedEnd(before, look) : look.at });
    const [oldest] = this.#last.keys();
    if (this.#last.size > maxKept) this.#last.delete(oldest);
  }
}

/** When the job is done at the pace between two looks; where none ended between them, the time of the later. */
export function expectedEnd(before: Look, now: Look): number {
  const ended = before.open - now.open;
  return now.at + (ended > 0 ? ((now.at - before.at) * now.open) / ended : 0);
}

/** Milliseconds from `now` to the next look at a job that is probably done at `doneAt`. */
export function untilLook(doneAt: number, now: number): number {
  return Math.min(waitMs.last, Math.max(waitMs.first, (doneAt - now) / 2));
}
