import { extname } from 'node:path';
import { Piscina } from 'piscina';
import { Problem, problem } from '../problems.ts';
import type { ImageJob, ImageResult, WorkerAnswer } from './worker.ts';

export interface EngineOptions {
  /** Worker threads, each with an OpenCV of its own. */
  threads: number;
  /** Time that one job may take in its thread. */
  timeLimitMs: number;
  /** WASM memory never shrinks: a thread past this many bytes is replaced before its next job. */
  maxHeapBytes: number;
}

/** The thread a job ran in came to its end; the job may be tried again. */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError';
}

/**
 * Runs image jobs in worker threads, at most one a thread; further jobs wait their turn.
 * Each thread is a pool of its own, so that one can be replaced without the others noticing.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #idle: Piscina[];
  readonly #waiting: ((thread: Piscina) => void)[] = [];
  readonly #all = new Set<Piscina>();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#idle = Array.from({ length: options.threads }, () => this.#start());
  }

  /** Throws a `Problem` where the image or the operation is at fault or the time is up, a `WorkerLostError` where the thread died. */
  async run(job: ImageJob): Promise<ImageResult> {
    const thread = this.#idle.pop() ?? (await new Promise<Piscina>((resolve) => this.#waiting.push(resolve)));
    let next = thread;
    try {
      const answer = await this.#runIn(thread, job);
      if (answer.heapBytes > this.#options.maxHeapBytes) next = this.#replace(thread);
      if ('problem' in answer) throw new Problem(answer.problem);
      return answer.result;
    } catch (error) {
      // After anything but a clean answer the thread's state is unknown.
      if (!(error instanceof Problem) || error.details.type.endsWith('time-limit-exceeded'))
        next = this.#replace(thread);
      throw error;
    } finally {
      this.#release(next);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((thread) => thread.destroy()));
  }

  async #runIn(thread: Piscina, job: ImageJob): Promise<WorkerAnswer> {
    const { timeLimitMs } = this.#options;
    try {
      return await thread.run(job, { signal: AbortSignal.timeout(timeLimitMs) });
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') {
        const seconds = timeLimitMs / 1000;
        throw problem('time-limit-exceeded', `The image was not done after ${seconds} s, the limit for a task.`, {
          seconds,
        });
      }
      if (error instanceof Error && /worker/i.test(error.message)) {
        throw new WorkerLostError(`The worker thread ended: ${error.message}`, { cause: error });
      }
      throw error;
    }
  }

  #start(): Piscina {
    const filename = new URL(`./worker${extname(import.meta.filename)}`, import.meta.url).href;
    const thread = new Piscina<ImageJob, WorkerAnswer>({ filename, minThreads: 1, maxThreads: 1, atomics: 'disabled' });
    this.#all.add(thread);
    return thread;
  }

  #replace(thread: Piscina): Piscina {
    this.#all.delete(thread);
    // Whatever a dying thread still has to say, its job has been answered.
    void thread.destroy().catch(() => {});
    return this.#start();
  }

  #release(thread: Piscina): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(thread);
    else this.#idle.push(thread);
  }
}
