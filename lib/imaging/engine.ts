import { extname } from 'node:path';
import { Piscina } from 'piscina';
import { Problem, problem } from '../problems.ts';
import type { ImageJob, ImageResult, WorkerAnswer } from './engine-thread.ts';

export interface EngineOptions {
  /** Worker threads, each with an OpenCV of its own. */
  threads: number;
  /** Time that one job may take in its thread. */
  timeLimitMs: number;
  /** Pixels of decoded images that may be worked on at once, over all threads. */
  pixelsInFlight: number;
  /** WASM memory never shrinks: a thread past this many bytes is replaced before its next job. */
  maxHeapBytes: number;
}

/** The thread a job ran in came to its end; the job may be tried again. */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError';
}

/** The engine was closed before the job was done; another instance may do it. */
export class EngineClosedError extends Error {
  override readonly name = 'EngineClosedError';
}

interface Waiting {
  pixels: number;
  start: (thread: Piscina) => void;
  refuse: (reason: Error) => void;
}

/** The worker's file beside this one: a source or compiled, as this is. */
const workerFile = new URL(`./engine-thread${extname(import.meta.filename)}`, import.meta.url);

/**
 * Runs image jobs in worker threads, at most one a thread and no more pixels at once than memory is meant for; further
 * jobs wait their turn. Each thread is a pool of its own, so that one can be replaced without the others noticing.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #worker: URL;
  readonly #idle: Piscina[];
  readonly #waiting: Waiting[] = [];
  readonly #all = new Set<Piscina>();
  readonly #heaps = new Map<Piscina, number>();
  #pixels = 0;
  #closed = false;

  constructor(options: EngineOptions, worker = workerFile) {
    this.#options = options;
    this.#worker = worker;
    this.#idle = Array.from({ length: options.threads }, () => this.#startThread());
  }

  /** Pixels that are worked on now, and WASM heap of all threads, in bytes, as they last said. */
  get usage(): { pixels: number; heapBytes: number } {
    return { pixels: this.#pixels, heapBytes: [...this.#heaps.values()].reduce((a, b) => a + b, 0) };
  }

  /**
   * Runs a job whose images have `pixels` together. Throws a `Problem` where the image or the operation is at fault or
   * the time is up, a `WorkerLostError` where the thread died, an `EngineClosedError` where the engine was closed, the
   * signal's reason where it was aborted.
   */
  async run(job: ImageJob, pixels: number, signal?: AbortSignal): Promise<ImageResult> {
    const thread = await this.#takeTurn(pixels);
    let keep = true;
    try {
      signal?.throwIfAborted();
      keep = false;
      const answer = await this.#runIn(thread, job, signal);
      this.#heaps.set(thread, answer.heapBytes);
      keep = answer.heapBytes <= this.#options.maxHeapBytes;
      if ('problem' in answer) throw new Problem(answer.problem);
      return answer.result;
    } finally {
      // After anything but an answer the thread's state is unknown.
      if (!keep) await this.#discard(thread);
      if (!this.#closed) this.#idle.push(keep ? thread : this.#startThread());
      this.#pixels -= pixels;
      this.#admit();
    }
  }

  #takeTurn(pixels: number): Promise<Piscina> {
    return new Promise((start, refuse) => {
      if (this.#closed) return refuse(new EngineClosedError('The engine is closed.'));
      this.#waiting.push({ pixels, start, refuse });
      this.#admit();
    });
  }

  /** Lets jobs begin in the order they came; one that is larger than the whole budget begins when it is alone. */
  #admit(): void {
    while (this.#waiting.length > 0 && this.#idle.length > 0) {
      const [{ pixels, start }] = this.#waiting;
      if (this.#pixels > 0 && this.#pixels + pixels > this.#options.pixelsInFlight) return;
      this.#waiting.shift();
      this.#pixels += pixels;
      start(this.#idle.pop() as Piscina);
    }
  }

  /** Ends the threads with the jobs in them, and refuses those that wait. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { refuse } of this.#waiting.splice(0)) refuse(new EngineClosedError('The engine was closed.'));
    await Promise.all([...this.#all].map((thread) => thread.destroy()));
  }

  /** A job out of time or aborted is ended with its thread: nothing else stops OpenCV in the middle of a step. */
  async #runIn(thread: Piscina, job: ImageJob, aborted: AbortSignal | undefined): Promise<WorkerAnswer> {
    const { timeLimitMs } = this.#options;
    const timeUp = AbortSignal.timeout(timeLimitMs);
    let isLost = false;
    const noteLoss = () => {
      isLost = true;
    };
    thread.once('workerDestroy', noteLoss);
    try {
      return await thread.run(job, { signal: aborted ? AbortSignal.any([timeUp, aborted]) : timeUp });
    } catch (error) {
      aborted?.throwIfAborted();
      if (this.#closed) throw new EngineClosedError('The engine was closed.', { cause: error });
      if (error instanceof Error && error.name === 'AbortError') {
        const seconds = timeLimitMs / 1000;
        throw problem('time-limit-exceeded', `Processing took more than ${seconds} s, the limit for a task.`, {
          seconds,
        });
      }
      if (isLost) throw new WorkerLostError(`The worker thread ended: ${(error as Error).message}`, { cause: error });
      throw error;
    } finally {
      thread.off('workerDestroy', noteLoss);
    }
  }

  #startThread(): Piscina {
    const options = { filename: this.#worker.href, minThreads: 1, maxThreads: 1, atomics: 'disabled' as const };
    const thread = new Piscina<ImageJob, WorkerAnswer>(options);
    this.#all.add(thread);
    return thread;
  }

  /** Resolves when the thread is gone, and its memory with it. What goes wrong there concerns no job. */
  async #discard(thread: Piscina): Promise<void> {
    this.#all.delete(thread);
    this.#heaps.delete(thread);
    await thread.destroy().catch((error: Error) => process.emitWarning(error));
  }
}
