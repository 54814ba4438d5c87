/** The page's side of the preview: the newest request wins. */
import type { PreviewAnswer, PreviewRequest } from './worker.ts';

export type PreviewWanted = Omit<PreviewRequest, 'id'>;

/** A preview that takes longer is broken off when a newer one is wanted. */
const unresponsiveMs = 4000;

export class Preview {
  readonly #onAnswer: (answer: PreviewAnswer) => void;
  readonly #onFault: (message: string) => void;
  #worker: Worker | undefined;
  #busySince: number | undefined;
  /** Whether the worker has made an image before: until then it is loading, and to begin anew would only take longer. */
  #loaded = false;
  #next: PreviewRequest | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;

  constructor(onAnswer: (answer: PreviewAnswer) => void, onFault: (message: string) => void) {
    this.#onAnswer = onAnswer;
    this.#onFault = onFault;
  }

  /** Loads what a preview needs, which takes a while, before one is asked for. */
  warmUp(): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(null);
  }

  /** Asks for a preview, in place of any that is wanted and not begun. */
  request(wanted: PreviewWanted): void {
    this.#next = { ...wanted, id: ++this.#lastId };
    if (this.#busySince === undefined) {
      this.#begin();
      return;
    }
    if (!this.#loaded) return;
    clearTimeout(this.#watchdog);
    const left = this.#busySince + unresponsiveMs - performance.now();
    this.#watchdog = setTimeout(() => this.#restart(), Math.max(0, left));
  }

  stop(): void {
    clearTimeout(this.#watchdog);
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#busySince = undefined;
    this.#loaded = false;
  }

  #begin(): void {
    if (!this.#next) return;
    this.#worker ??= this.#start();
    this.#worker.postMessage(this.#next);
    this.#next = undefined;
    this.#busySince = performance.now();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<PreviewAnswer>) => {
      clearTimeout(this.#watchdog);
      this.#busySince = undefined;
      if (data.image) this.#loaded = true;
      // What could not be loaded stays so for this worker; another one may have more luck.
      if (data.fault !== undefined) this.stop();
      // What is outdated is not shown, unless nothing newer is on its way.
      if (!this.#next || data.image) this.#onAnswer(data);
      this.#begin();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.stop();
      this.#onFault('The preview does not work in this browser. Processing is not affected.');
    };
    return worker;
  }

  #restart(): void {
    const wanted = this.#next;
    this.stop();
    this.#next = wanted;
    this.#begin();
  }
}
