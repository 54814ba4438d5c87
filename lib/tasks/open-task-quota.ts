import { isDone } from '../model/job.ts';
import { problem } from '../problems.ts';
import type { Storage } from '../storage/storage.ts';
import { isStorageFault } from '../storage/transient-errors.ts';

/** So many jobs are looked at, at most, where room is needed. */
const jobsALook = 32;
/** After a look that made no room, for so long there is none; neither is there more often at jobs that are not counted yet. */
const pauseMs = 1000;
const retryAfterSeconds = 10;

export interface OpenJob {
  owner: string;
  jobId: string;
  /** Null where it is not known yet: of a job by prefix whose images have not been listed. It counts as one until then. */
  tasks: number | null;
}

/** What this instance knows of a caller. */
interface Ledger {
  /** The jobs and how many of their tasks were open when they were last looked at; that was longest ago for the first. */
  jobs: Map<string, number>;
  /** The sum of those. */
  open: number;
  /** Jobs that may have no row yet. */
  beingMade: Set<string>;
  /** Jobs whose images are not counted yet. */
  uncounted: Set<string>;
  look: Promise<void> | null;
  noLookBefore: number;
}

/**
 * How many tasks that are not done each caller has submitted through this instance. What is done is struck off when room is
 * needed: for each job that goes the storage is asked once, and a caller without room has it asked once in a second.
 */
export class OpenTaskQuota {
  readonly #limit: number;
  readonly #now: () => number;
  readonly #ledgers = new Map<string, Ledger>();

  constructor(limit: number, now = Date.now) {
    this.#limit = limit;
    this.#now = now;
  }

  /**
   * Counts a job's tasks, in place of those that it had before. Throws `too-many-open-tasks` where the caller would have too
   * many, and `too-many-images` where the job alone does. Until `settle` or `forget` the job need not be there.
   */
  async admit(storage: Storage, { owner, jobId, tasks }: OpenJob): Promise<void> {
    const ledger = this.#ledgerOf(owner);
    const added = tasks ?? 1;
    if (added > this.#limit)
      throw problem(
        'too-many-images',
        `The job has ${added} images, but a caller may have at most ${this.#limit} unfinished tasks.`,
        {
          limit: this.#limit,
        },
      );
    if (ledger.uncounted.size > 0) await this.#look(storage, ledger);
    const open = () => ledger.open - (ledger.jobs.get(jobId) ?? 0) + added;
    for (let before = Number.POSITIVE_INFINITY; open() > this.#limit && open() < before; ) {
      before = open();
      await this.#look(storage, ledger);
    }
    if (open() > this.#limit) {
      const detail = `With these ${added} you would have ${open()} unfinished tasks; the limit is ${this.#limit}.`;
      throw problem('too-many-open-tasks', detail, { limit: this.#limit, retryAfter: retryAfterSeconds });
    }
    setOpen(ledger, jobId, added);
    ledger.beingMade.add(jobId);
    if (tasks === null) ledger.uncounted.add(jobId);
    else ledger.uncounted.delete(jobId);
  }

  /** Counts a job's tasks while it is made. What was refused or failed is made nothing of, unless the storage failed: then the job may be there. */
  async during<T>(storage: Storage, job: OpenJob, make: () => Promise<T>): Promise<T> {
    const { owner, jobId } = job;
    const before = this.of(owner, jobId);
    await this.admit(storage, job);
    try {
      return await make();
    } catch (error) {
      const ledger = this.#ledgerOf(owner);
      if (!isStorageFault(error)) setOpen(ledger, jobId, before);
      throw error;
    } finally {
      this.settle(owner, jobId);
    }
  }

  /** How many open tasks the job counts for. */
  of(owner: string, jobId: string): number {
    return this.#ledgers.get(owner)?.jobs.get(jobId) ?? 0;
  }

  /** The job has been made, or should have been: the storage knows. */
  settle(owner: string, jobId: string): void {
    this.#ledgers.get(owner)?.beingMade.delete(jobId);
  }

  /** The job was not made after all, or is done. */
  forget(owner: string, jobId: string): void {
    const ledger = this.#ledgers.get(owner);
    if (ledger) setOpen(ledger, jobId, 0);
  }

  #ledgerOf(owner: string): Ledger {
    const known = this.#ledgers.get(owner);
    if (known) return known;
    const empty = { jobs: new Map(), open: 0, beingMade: new Set<string>(), uncounted: new Set<string>() };
    const ledger: Ledger = { ...empty, look: null, noLookBefore: 0 };
    this.#ledgers.set(owner, ledger);
    return ledger;
  }

  /** All who need room wait for the same look. */
  async #look(storage: Storage, ledger: Ledger): Promise<void> {
    if (!ledger.look && this.#now() < ledger.noLookBefore) return;
    ledger.look ??= this.#lookAtSome(storage, ledger).finally(() => {
      ledger.look = null;
    });
    await ledger.look;
  }

  async #lookAtSome(storage: Storage, ledger: Ledger): Promise<void> {
    const { jobs, beingMade, uncounted } = ledger;
    const before = ledger.open;
    await Promise.all(
      jobsToLookAt(ledger).map(async (jobId) => {
        const assumed = jobs.get(jobId);
        const job = await storage.jobs.get(jobId);
        // Counted anew meanwhile.
        if (jobs.get(jobId) !== assumed || beingMade.has(jobId)) return;
        const counted = !job || job.total !== null || isDone(job);
        if (counted) uncounted.delete(jobId);
        const open = job && !isDone(job) ? job.counts.Queued + job.counts.Running : 0;
        setOpen(ledger, jobId, counted ? open : Math.max(1, open));
      }),
    );
    if (ledger.open >= before) ledger.noLookBefore = this.#now() + pauseMs;
  }
}

/** Those that are not counted yet, then those that were looked at longest ago. */
function jobsToLookAt({ jobs, beingMade, uncounted }: Ledger): string[] {
  const chosen = new Set<string>();
  for (const list of [uncounted, jobs.keys()]) {
    for (const jobId of list) {
      if (chosen.size === jobsALook) break;
      if (!beingMade.has(jobId)) chosen.add(jobId);
    }
  }
  return [...chosen];
}

/** Moves the job behind those that were looked at before; without open tasks it goes. */
function setOpen(ledger: Ledger, jobId: string, tasks: number): void {
  ledger.open += tasks - (ledger.jobs.get(jobId) ?? 0);
  ledger.jobs.delete(jobId);
  if (tasks > 0) return void ledger.jobs.set(jobId, tasks);
  ledger.uncounted.delete(jobId);
  ledger.beingMade.delete(jobId);
}
