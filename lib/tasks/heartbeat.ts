import { type Log, line } from './log.ts';
import type { Workers } from './workers.ts';

/** Tasks taken within this time of each other share a write. */
const gatherMs = 10;
/** An instance without work for so long says so. */
const idleMs = 2000;
/** The time over which the instance's pace is taken. */
const paceMs = 60_000;

/** An instance's sign of life: written when it takes tasks, while it is busy at an interval, and when it has no more to do. An idle instance writes nothing. */
export class Heartbeat {
  readonly #workers: Workers;
  readonly #id: string;
  readonly #intervalMs: number;
  readonly #tasks = new Set<string>();
  /** When tasks ended here lately, oldest first. */
  #ends: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #gathering: Promise<void> | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(workers: Workers, id: string, intervalMs: number) {
    this.#workers = workers;
    this.#id = id;
    this.#intervalMs = intervalMs;
  }

  /** The tasks that this instance works on now. */
  get tasks(): string[] {
    return [...this.#tasks];
  }

  /** Runs `work` on a task of which the others know that it is this instance's. Null, and nothing done, where it is at it already. */
  async during<T>(taskId: string, log: Log, work: () => Promise<T>): Promise<T | null> {
    if (this.#tasks.has(taskId)) return null;
    this.#tasks.add(taskId);
    clearTimeout(this.#idle);
    this.#timer ??= setInterval(() => void this.#beatOrLog(log), this.#intervalMs);
    try {
      await this.#announce();
      return await work();
    } finally {
      this.#tasks.delete(taskId);
      this.#ends.push(Date.now());
      if (this.#tasks.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
        this.#idle = setTimeout(() => void this.#beatOrLog(log), idleMs).unref();
      }
    }
  }

  #announce(): Promise<void> {
    this.#gathering ??= new Promise<void>((resolve) => setTimeout(resolve, gatherMs)).then(() => {
      this.#gathering = undefined;
      return this.#beat();
    });
    return this.#gathering;
  }

  #beat(): Promise<void> {
    const since = Date.now() - paceMs;
    this.#ends = this.#ends.filter((end) => end > since);
    return this.#workers.beat(this.#id, this.tasks, this.#ends.length);
  }

  async #beatOrLog(log: Log): Promise<void> {
    try {
      await this.#beat();
    } catch (error) {
      // The next one may get through; if none does, others take over, and the task's ETag keeps both from ending it.
      log.warn(line('heartbeat-failed', { worker: this.#id, tasks: this.tasks, error: (error as Error).message }));
    }
  }
}
