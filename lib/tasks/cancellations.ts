import type { JobStore } from './job-store.ts';

/** What is known about a job holds for so long; one read serves all of its tasks that begin in the meantime. */
const knownForMs = 1000;
const maxKnown = 1000;

/** Which jobs have been cancelled, as an instance needs to know before it begins one of their tasks. */
export class Cancellations {
  readonly #jobs: JobStore;
  readonly #known = new Map<string, { cancelled: Promise<boolean>; until: number }>();

  constructor(jobs: JobStore) {
    this.#jobs = jobs;
  }

  has(jobId: string): Promise<boolean> {
    const known = this.#known.get(jobId);
    if (known && known.until > Date.now()) return known.cancelled;
    if (this.#known.size >= maxKnown) this.#known.clear();
    const cancelled = this.#jobs.isCancelled(jobId);
    this.#known.set(jobId, { cancelled, until: Date.now() + knownForMs });
    cancelled.catch(() => this.#known.delete(jobId));
    return cancelled;
  }
}
