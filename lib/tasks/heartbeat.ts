import { type Log, line } from './log.ts';
import type { Workers } from './workers.ts';

/** Tasks taken within this time of each other share a write. */
const gatherMs = 10;

/** An instance's sign of life: written when it takes tasks and, while it is busy, at an interval. An idle instance writes nothing. */
export class Heartbeat {
  readonly #workers: Workers;
  readonly #id: string;
  readonly #intervalMs: number;
  readonly #tasks = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #gathering: Promise<void> | undefined;

  constructor(workers: Workers, id: string, intervalMs: number) {
    this.#workers = workers;
    this.#id = id;
    this.#intervalMs = intervalMs;
  }

  /** Whether this instance works on the task now. */
  has(taskId: string): boolean {
    return this.#tasks.has(taskId);
  }

  /** Runs `work` on a task of which the others know that it is this instance's. */
  async during(taskId: string, log: Log, work: () => Promise<void>): Promise<void> {
    this.#tasks.add(taskId);
    this.#timer ??= setInterval(() => void this.#beatOrLog(log), this.#intervalMs);
    try {
      await this.#announce();
      await work();
    } finally {
      this.#tasks.delete(taskId);
      if (this.#tasks.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    }
  }

  #announce(): Promise<void> {
    this.#gathering ??= new Promise<void>((resolve) => setTimeout(resolve, gatherMs)).then(() => {
      this.#gathering = undefined;
      return this.#workers.beat(this.#id, [...this.#tasks]);
    });
    return this.#gathering;
  }

  async #beatOrLog(log: Log): Promise<void> {
    try {
      await this.#workers.beat(this.#id, [...this.#tasks]);
    } catch (error) {
      // The next one may get through; if none does, others take over, and the task's ETag keeps both from ending it.
      log.warn(
        line('heartbeat-failed', { worker: this.#id, tasks: [...this.#tasks], error: (error as Error).message }),
      );
    }
  }
}
