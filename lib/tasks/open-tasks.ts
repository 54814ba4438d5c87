import { problem } from '../problems.ts';
import { isDone } from './job.ts';
import { JobStore } from './job-store.ts';
import type { Storage } from './storage.ts';

/** So many jobs are looked at, at most, before a caller is refused. */
const maxLooks = 100;

/** How many tasks each caller has handed in through this instance that are not done: what is done is struck off when room is needed. */
export class OpenTasks {
  readonly #limit: number;
  /** The caller's jobs, oldest first, with the number of their open tasks. */
  readonly #ledger = new Map<string, Map<string, number>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts a job's tasks. Throws `too-many-open-tasks` where the caller would have too many. */
  async admit(storage: Storage, owner: string, jobId: string, tasks: number): Promise<void> {
    const jobs = this.#ledger.get(owner) ?? new Map<string, number>();
    this.#ledger.set(owner, jobs);
    if (openIn(jobs) + tasks > this.#limit) await this.#strikeOff(storage, jobs, tasks);
    const open = openIn(jobs);
    if (open + tasks > this.#limit) {
      const detail = `With these ${tasks} there would be ${open + tasks} open tasks; ${this.#limit} are allowed.`;
      throw problem('too-many-open-tasks', detail, { limit: this.#limit, retryAfter: 10 });
    }
    jobs.set(jobId, tasks);
  }

  /** Of a job that was not made after all. */
  forget(owner: string, jobId: string): void {
    this.#ledger.get(owner)?.delete(jobId);
  }

  async #strikeOff(storage: Storage, jobs: Map<string, number>, wanted: number): Promise<void> {
    for (const jobId of [...jobs.keys()].slice(0, maxLooks)) {
      const job = await new JobStore(storage).get(jobId);
      if (!job || isDone(job)) jobs.delete(jobId);
      else jobs.set(jobId, job.counts.Queued + job.counts.Running);
      if (openIn(jobs) + wanted <= this.#limit) return;
    }
  }
}

function openIn(jobs: Map<string, number>): number {
  let open = 0;
  for (const tasks of jobs.values()) open += tasks;
  return open;
}
