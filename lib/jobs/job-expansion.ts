/** Creates the tasks of one job, as many at a time as the queue has room for. */
import { workOf } from '../imaging/work.ts';
import { maxJobImages } from '../limits.ts';
import { log } from '../log.ts';
import { messagesAtOnce } from '../model/dispatch-window.ts';
import { taskIdOf } from '../model/ids.ts';
import type { Expansion, Job, JobRecord } from '../model/job.ts';
import { type Instance, isHeld, type Lease, newLease, renewed, unknownInstance } from '../model/lease.ts';
import { jobLogEntry, taskLogEntry } from '../model/log-entries.ts';
import type { InputImage, Task } from '../model/task.ts';
import { unforced } from '../model/trace.ts';
import { Problem, problem } from '../problems.ts';
import { jobListBlob, uploadBlob } from '../storage/blob-names.ts';
import { forEachLimit } from '../storage/for-each-limit.ts';
import type { JobStore } from '../storage/job-store.ts';
import { blockTasks } from '../storage/partitions.ts';
import { enqueueTask } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { ConflictError } from '../storage/table.ts';
import { newTask } from '../tasks/submit-task.ts';
import { endJobIfDone } from './job-end.ts';
import { type ListedImage, type ReadImage, readImages } from './job-list.ts';
import { cancelAll } from './sweep-tasks.ts';

export interface ExpansionOptions {
  instance?: Instance;
  /** A lease that was not renewed for so long is over. */
  leaseMs?: number;
  /** Told how many images were found under a prefix. The problem that it throws ends the job. */
  admitImages?: ((job: Job, images: number) => Promise<void>) | undefined;
}

/**
 * A job whose tasks are being made. One run at a time has the lease. Rows are written, then the checkpoint, then messages are
 * sent: wherever it is broken off, the next run makes each missing row and none twice, and first sends the messages of the
 * last rows, of which some may have been sent.
 */
export class JobExpansion {
  readonly #storage: Storage;
  readonly #store: JobStore;
  readonly #lease: Lease;
  readonly #options: Required<Pick<ExpansionOptions, 'leaseMs'>> & ExpansionOptions;
  #job: JobRecord;
  /** The messages of the tasks before this one have been sent. */
  #enqueued: number;
  #read: ReadImage[] = [];
  /** Tasks whose rows may be there, and that the checkpoint does not have yet. */
  #unchecked: Task[] = [];
  #lost = false;

  private constructor(storage: Storage, job: JobRecord, lease: Lease, options: ExpansionOptions) {
    this.#storage = storage;
    this.#store = storage.jobs;
    this.#job = job;
    this.#lease = lease;
    this.#options = { leaseMs: 45_000, ...options };
    this.#enqueued = expansionOf(job).enqueued;
  }

  /** Takes the lease. `over` where there is nothing to do, `held` where another run has it. */
  static async claim(
    storage: Storage,
    jobId: string,
    options: ExpansionOptions,
  ): Promise<JobExpansion | 'over' | 'held'> {
    const { leaseMs = 45_000, instance = unknownInstance } = options;
    const store = storage.jobs;
    const lease = newLease(instance.id, leaseMs);
    for (;;) {
      const job = await store.find(jobId);
      if (!job || !mayExpand(job) || job.expansion.enqueued === job.total) return 'over';
      const held = job.expansion.lease;
      const alive = held ? await storage.instances.whoIsAlive([held.instance], new Date(Date.now() - leaseMs)) : null;
      if (isHeld(held, Date.now(), (id) => alive?.has(id) ?? false)) return 'held';
      try {
        const claimed = await store.update(job, { expansion: { ...job.expansion, lease } });
        return new JobExpansion(storage, claimed, lease, options);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
      }
    }
  }

  /** Whether another run has taken its place, or the job was canceled, retried or deleted: it does nothing more. */
  get lost(): boolean {
    return this.#lost;
  }

  get job(): JobRecord {
    return this.#job;
  }

  /** Tasks that have no message yet. */
  get waiting(): number {
    return (this.#job.total ?? 0) - this.#enqueued;
  }

  /** Lists the images under the job's prefix, each at its present version. Where there are none, or too many, the job ends. */
  async list(): Promise<void> {
    await this.#unlessLost(() => this.#list());
  }

  /** Makes and enqueues up to `limit` tasks. */
  async advance(limit: number): Promise<void> {
    const { instance = unknownInstance } = this.#options;
    for (let left = limit; left > 0 && this.waiting > 0 && !this.#lost && !instance.stopping.aborted; ) {
      const before = this.#enqueued;
      await this.#unlessLost(() => this.#makeSome(left));
      left -= this.#enqueued - before;
    }
    if (this.waiting === 0 && !this.#lost) {
      await this.close();
      log.info(jobLogEntry('job-expanded', this.#job, { created: this.#job.total }));
    }
  }

  /** Notes what was sent, and ends the lease, for another run to go on. */
  async close(): Promise<void> {
    if (this.#lost) return;
    await this.#unlessLost(async () => {
      const { created, lease } = expansionOf(this.#job);
      if (lease === null && created === this.#enqueued) return;
      this.#job = await this.#store.update(this.#job, {
        expansion: { ...expansionOf(this.#job), enqueued: this.#enqueued, lease: null },
      });
    });
  }

  /** Runs `change` again where the job's row was changed meanwhile, or an earlier answer was lost, as long as the lease is this run's. */
  async #unlessLost<T>(change: () => Promise<T>): Promise<T | undefined> {
    for (;;) {
      try {
        return await change();
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        const now = await this.#store.find(this.#job.id);
        const isOurs = now && mayExpand(now) && now.expansion.lease?.run === this.#lease.run;
        if (isOurs && now.rowEtag === this.#job.rowEtag) throw error;
        if (!isOurs) {
          this.#lost = true;
          await this.#withdraw(now);
          log.info(jobLogEntry('job-expansion-interrupted', this.#job));
          return undefined;
        }
        this.#job = now;
      }
    }
  }

  /** The job was canceled, failed or deleted while its next rows were written: whoever went through its tasks may not have seen them. */
  async #withdraw(now: JobRecord | null): Promise<void> {
    if (this.#unchecked.length === 0 || (now && mayExpand(now))) return;
    const made = await Promise.all(this.#unchecked.map(({ id }) => this.#storage.tasks.get(id)));
    const open = made.filter((task) => task !== null).filter(({ state }) => state === 'Queued');
    if (!now) {
      await this.#storage.tasks.deleteAll(open);
      // The rows were counted.
      return this.#storage.jobs.delete(this.#job);
    }
    await cancelAll(this.#storage, open);
    await endJobIfDone(this.#storage, now.id);
  }

  /** The next batch: messages that are owed, else rows and then their messages. */
  async #makeSome(limit: number): Promise<void> {
    const { created } = expansionOf(this.#job);
    if (this.#enqueued < created) return this.#enqueue(this.#enqueued, created);
    const images = await this.#nextImages(Math.min(limit, blockTasks - (created % blockTasks)));
    await this.#makeTasks(images);
    await this.#enqueue(created, created + images.length);
  }

  async #list(): Promise<void> {
    if (this.#job.total !== null || this.#job.error) return;
    const { owner, id } = this.#job;
    const { prefix } = expansionOf(this.#job);
    const root = uploadBlob(owner, '');
    const images: ListedImage[] = [];
    for await (const { name, bytes, etag } of this.#storage.inputs.list(root + prefix)) {
      images.push({ name: name.slice(root.length), bytes, etag });
      if (images.length > maxJobImages) break;
      await this.#renewIfNeeded();
    }
    try {
      if (images.length === 0 || images.length > maxJobImages) {
        const detail = `There are ${images.length === 0 ? 'no' : `more than ${maxJobImages}`} images under ${JSON.stringify(prefix)}.`;
        throw problem(images.length === 0 ? 'input-not-found' : 'too-many-images', detail);
      }
      await this.#options.admitImages?.(this.#job, images.length);
    } catch (refusal) {
      if (!(refusal instanceof Problem)) throw refusal;
      log.warn(jobLogEntry('job-failed', this.#job, { error: refusal.details }));
      this.#job = await this.#store.update(this.#job, { error: refusal.details });
      return;
    }
    await this.#storage.inputs.putLines(jobListBlob(id), images);
    this.#job = await this.#store.update(this.#job, { total: images.length });
  }

  async #renewIfNeeded(): Promise<void> {
    const { leaseMs } = this.#options;
    const { lease } = expansionOf(this.#job);
    if (!lease || lease.until - Date.now() >= leaseMs / 2) return;
    const expansion = { ...expansionOf(this.#job), lease: renewed(lease, leaseMs) };
    this.#job = await this.#store.update(this.#job, { expansion });
  }

  /** Up to `limit` of the next images. */
  async #nextImages(limit: number): Promise<ReadImage[]> {
    const { list, offset } = expansionOf(this.#job);
    this.#read = this.#read.filter(({ begin }) => begin >= offset);
    if (this.#read.length === 0) this.#read = await readImages(this.#storage, list as string, offset);
    return this.#read.slice(0, limit);
  }

  /** Rows of one block, in one transaction, and the checkpoint. */
  async #makeTasks(images: ReadImage[]): Promise<void> {
    const before = expansionOf(this.#job);
    const expansion: Expansion = {
      ...before,
      enqueued: this.#enqueued,
      lease: renewed(this.#lease, this.#options.leaseMs),
      offset: images[images.length - 1].end,
      created: before.created + images.length,
    };
    const tasks = images.map(({ image }, i) => taskOf(this.#job, before.created + i, image));
    this.#unchecked = tasks;
    await this.#storage.tasks.createAll(tasks);
    this.#job = await this.#store.update(this.#job, { expansion });
    this.#unchecked = [];
    for (const task of tasks) log.info(taskLogEntry('task-queued', task));
  }

  async #enqueue(from: number, to: number): Promise<void> {
    const ids = Array.from({ length: to - from }, (_, i) => taskIdOf(this.#job.id, from + i));
    await forEachLimit(ids, messagesAtOnce, (id) => enqueueTask(this.#storage, { id, inJob: true }));
    this.#enqueued = to;
  }
}

function expansionOf(job: Job): Expansion {
  return job.expansion as Expansion;
}

function mayExpand(job: JobRecord): job is JobRecord & { expansion: Expansion } {
  return job.expansion !== null && !job.canceledAt && !job.error;
}

function taskOf(job: Job, index: number, image: ListedImage): Task {
  const { owner, requestId, traceparent, reference, createdAt } = job;
  const input: InputImage = {
    blob: uploadBlob(owner, image.name),
    etag: image.etag,
    name: image.name.split('/').at(-1) as string,
    contentType: null,
    bytes: image.bytes ?? null,
    width: null,
    height: null,
  };
  const id = taskIdOf(job.id, index);
  const shared = { owner, requestId, traceparent: unforced(traceparent), reference, createdAt };
  return { ...newTask(id), ...workOf(job), ...shared, input, inJob: true };
}
