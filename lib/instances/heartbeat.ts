import { inBackground, line, log } from '../log.ts';
import type { InstanceStore } from '../storage/instance-store.ts';
import type { JobCommand } from '../storage/queues.ts';
import { type Ended, paceMs, pacePerMinute } from './pace.ts';

/** What is taken within this time of each other shares a write: the messages of a batch do. Longer, and threads would idle. */
const gatherMs = 10;
/** An instance without work for so long says so. */
const idleMs = 2000;

/** An instance's sign of life: written when it takes tasks, while it is busy at an interval, and when it has no more to do. An idle instance writes nothing. */
export class Heartbeat {
  readonly #instances: InstanceStore;
  readonly #id: string;
  readonly #intervalMs: number;
  readonly #tasks = new Set<string>();
  readonly #jobCommands = new Set<JobCommand>();
  /** When tasks ended here lately, oldest first. */
  #ended: Ended[] = [];
  #timer: NodeJS.Timeout | undefined;
  #gathering: Promise<void> | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** When the first of the tasks of now was begun. */
  #busySince: number | null = null;
  #stopped = false;
  /** The last sign of life that was begun: one after the other, so that none overtakes a newer one. */
  #last: Promise<void> = Promise.resolve();

  constructor(instances: InstanceStore, id: string, intervalMs: number) {
    this.#instances = instances;
    this.#id = id;
    this.#intervalMs = intervalMs;
  }

  /** The tasks that this instance works on now. */
  get tasks(): string[] {
    return [...this.#tasks];
  }

  /** The job commands that it runs now. */
  get jobCommands(): JobCommand[] {
    return [...this.#jobCommands];
  }

  /** Names the task as this instance's while `work` runs. False, and nothing done, where that is so already. */
  async during(taskId: string, work: () => Promise<void>): Promise<boolean> {
    if (this.#tasks.has(taskId)) return false;
    this.#tasks.add(taskId);
    const busySince = this.#busySince ?? Date.now();
    this.#busySince = busySince;
    this.#beatRegularly();
    try {
      await work();
      return true;
    } finally {
      this.#tasks.delete(taskId);
      this.#ended.push({ at: Date.now(), busySince });
      if (this.#tasks.size === 0) this.#busySince = null;
      this.#restIfIdle();
    }
  }

  /** As `during`, for a job command. */
  async duringCommand(command: JobCommand, work: () => Promise<void>): Promise<void> {
    this.#jobCommands.add(command);
    this.#beatRegularly();
    try {
      await work();
    } finally {
      this.#jobCommands.delete(command);
      this.#restIfIdle();
    }
  }

  #beatRegularly(): void {
    if (this.#stopped) return;
    clearTimeout(this.#idle);
    this.#timer ??= inBackground(() => setInterval(() => void this.#beatOrLog(), this.#intervalMs));
  }

  #restIfIdle(): void {
    if (this.#stopped || this.#tasks.size + this.#jobCommands.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#idle = inBackground(() => setTimeout(() => void this.#beatOrLog(), idleMs).unref());
  }

  /** Returns once the others can know of all that is named now. */
  announce(): Promise<void> {
    this.#gathering ??= new Promise<void>((resolve) => setTimeout(resolve, gatherMs)).then(() => {
      this.#gathering = undefined;
      return this.#beat();
    });
    return this.#gathering;
  }

  /** The instance has given away what it worked on and ends: it is forgotten, and says no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    clearTimeout(this.#idle);
    await this.#last.catch(() => {});
    await this.#instances.remove(this.#id);
  }

  #beat(): Promise<void> {
    this.#last = this.#last.catch(() => {}).then(() => this.#write());
    return this.#last;
  }

  async #write(): Promise<void> {
    if (this.#stopped) return;
    const now = Date.now();
    this.#ended = this.#ended.filter(({ at }) => at > now - paceMs);
    const pace = pacePerMinute(this.#ended, this.#busySince, now);
    await this.#instances.beat(this.#id, this.tasks, this.jobCommands, pace);
  }

  async #beatOrLog(): Promise<void> {
    try {
      await this.#beat();
    } catch (error) {
      // The next one may get through; if none does, others take over, and the task's ETag keeps both from ending it.
      log.warn(line('heartbeat-failed', { instance: this.#id, tasks: this.tasks, error: (error as Error).message }));
    }
  }
}
