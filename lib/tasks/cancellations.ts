import type { JobStore } from '../storage/job-store.ts';

/** What is known about a job holds for so long; one read serves all of its tasks that begin in the meantime. */
const knownForMs = 1000;
const maxKnown = 1000;

/** Which jobs have been canceled, as an instance needs to know before it begins one of their tasks. */
export class Cancellations {
  readonly #jobs: JobStore;
  readonly #known = new Map<string, { canceled: Promise<boolean>; until: number }>();

  constructor(jobs: JobStore) {
    this.#jobs = jobs;
  }

  has(jobId: string): Promise<boolean> {
    const known = this.#known.get(jobId);
    if (known && known.until > Date.now()) return known.canceled;
    if (this.#known.size >= maxKnown) this.#known.clear();
    const canceled = this.#jobs.isCanceled(jobId);
    this.#known.set(jobId, { canceled, until: Date.now() + knownForMs });
    canceled.catch(() => this.#known.delete(jobId));
    return canceled;
  }
}
