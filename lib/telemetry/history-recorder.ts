/** Writes down what operators see of the last hours, made of what is logged. */
import { inBackground, type LogEvent, line, log } from '../log.ts';
import { addEnds, type HistoryEnds, type HistorySample, noEnds, periodOf } from '../model/history.ts';
import type { LogSubject } from '../model/log-entries.ts';
import { isEnd, phasesOf, typeOf } from './ends.ts';
import { operationOf } from './spans.ts';

/** Where it is written. */
interface HistoryWriter {
  putSample(sample: HistorySample): Promise<void>;
  putEnds(from: Date, process: string, ends: HistoryEnds): Promise<void>;
}

interface RecorderOptions {
  /** Opens the storage on first use. */
  open: () => Promise<HistoryWriter>;
  /** A name that no other process has. */
  process: string;
  /** So often it is written, at most: once for the backlog and once for what ended. */
  intervalMs: number;
}

/**
 * Counts what ends in this process, by periods, and samples the backlog. `observe` is to be told of every log event. A process that
 * is killed loses what it has not written for `intervalMs`.
 */
export class HistoryRecorder {
  readonly #options: RecorderOptions;
  /** By the beginning of the period; all but the last are dropped once they are written. */
  readonly #periods = new Map<number, HistoryEnds>();
  #timer: NodeJS.Timeout | undefined;
  /** The interval, counted from 1970, in which the last sample was taken. */
  #sampled: number | undefined;
  #writing: Promise<boolean> = Promise.resolve(true);

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  readonly observe = (event: LogEvent, facts: Record<string, unknown>, { task }: LogSubject): void => {
    if (event === 'backlog') this.#sample(facts);
    const isCanceled = event === 'task-canceled';
    if (!task || !(isCanceled || isEnd(event))) return;
    const phases = isCanceled ? [] : phasesOf(task).map(([phase, ms]) => [phase, { sum: ms, longest: ms }] as const);
    this.#count({
      ...noEnds(),
      succeeded: Number(event === 'task-succeeded'),
      failed: Number(event === 'task-failed'),
      canceled: Number(isCanceled),
      failures: event === 'task-failed' ? { [typeOf(facts)]: 1 } : {},
      operations: isCanceled ? {} : { [operationOf(task)]: { tasks: 1, phases: Object.fromEntries(phases) } },
    });
  };

  #count(end: HistoryEnds): void {
    const period = periodOf(Date.now()).getTime();
    const ends = this.#periods.get(period) ?? noEnds();
    addEnds(ends, end);
    this.#periods.set(period, ends);
    this.#schedule();
  }

  #schedule(): void {
    this.#timer ??= inBackground(() => setTimeout(() => void this.flush(), this.#options.intervalMs).unref());
  }

  #sample(facts: Record<string, unknown>): void {
    const now = Date.now();
    // By the clock: the timer that samples comes a little late each time.
    const interval = Math.floor(now / this.#options.intervalMs);
    if (interval === this.#sampled) return;
    this.#sampled = interval;
    const { queued, running, oldestQueuedSeconds, poisoned, instances } = facts as unknown as HistorySample;
    const sample = { at: new Date(now), queued, running, oldestQueuedSeconds, poisoned, instances };
    void inBackground(() => this.#write(async (writer) => writer.putSample(sample)));
  }

  /** Writes what has been counted. A failure is logged: the next time writes it too. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const written = await this.#write(async (writer) => {
      const [...periods] = this.#periods;
      for (const [index, [from, ends]] of periods.entries()) {
        await writer.putEnds(new Date(from), this.#options.process, ends);
        // More may still end in the last one.
        if (index < periods.length - 1) this.#periods.delete(from);
      }
    });
    if (!written) this.#schedule();
  }

  /** One after the other. Whether it worked. */
  #write(work: (writer: HistoryWriter) => Promise<void>): Promise<boolean> {
    this.#writing = this.#writing.then(async () => {
      try {
        await work(await this.#options.open());
        return true;
      } catch (error) {
        log.warn(line('history-failed', { error: (error as Error).message }));
        return false;
      }
    });
    return this.#writing;
  }
}
