import { CronExpressionParser } from 'cron-parser';
import type { RegisteredFunction } from './functions-core.ts';
import type { Invoker } from './invocation.ts';

/** The longest that setTimeout can wait. */
const maxTimeoutMs = 2 ** 31 - 1;

/** Runs one timer function by its NCRONTAB expression (six fields, seconds first, UTC), never twice at once. */
export class TimerListener {
  readonly #fn: RegisteredFunction;
  readonly #schedule: string;
  readonly #runOnStartup: boolean;
  readonly #invoker: Invoker;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(fn: RegisteredFunction, schedule: string, runOnStartup: boolean, invoker: Invoker) {
    this.#fn = fn;
    this.#schedule = schedule;
    this.#runOnStartup = runOnStartup;
    this.#invoker = invoker;
    nextOccurrence(schedule, new Date());
  }

  start(): void {
    this.#stopped = false;
    if (this.#runOnStartup) void this.#fire(new Date());
    else this.#wait(nextOccurrence(this.#schedule, new Date()));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #wait(due: Date): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const left = due.getTime() - Date.now();
    this.#timer = setTimeout(
      () => (left > maxTimeoutMs ? this.#wait(due) : void this.#fire(due)),
      Math.min(left, maxTimeoutMs),
    );
  }

  async #fire(due: Date): Promise<void> {
    const next = nextOccurrence(this.#schedule, new Date());
    const info = {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: { Last: due.toISOString(), Next: next.toISOString(), LastUpdated: due.toISOString() },
      IsPastDue: false,
    };
    // The invoker has logged what went wrong; the next occurrence comes all the same.
    await this.#invoker.invoke(this.#fn, { data: { json: JSON.stringify(info) }, metadata: {} }).catch(() => {});
    this.#wait(nextOccurrence(this.#schedule, new Date()));
  }
}

/** The first time after `after` that the expression names. Throws where it is none of six fields. */
export function nextOccurrence(schedule: string, after: Date): Date {
  if (schedule.trim().split(/\s+/).length !== 6)
    throw new Error(`Not an NCRONTAB expression of six fields: ${schedule}`);
  return CronExpressionParser.parse(schedule, { currentDate: after, tz: 'UTC' }).next().toDate();
}
