/** What operators see of the last hours. */

/** How much there was to do at a time, as `Stats` has it. */
export interface HistorySample {
  at: Date;
  queued: number;
  running: number;
  oldestQueuedSeconds: number | null;
  poisoned: number;
  instances: number;
}

/** Milliseconds that tasks took in a phase. */
interface PhaseTimes {
  sum: number;
  longest: number;
}

export interface OperationTimes {
  tasks: number;
  /** `queued`, `download`, … and `total`. */
  phases: Record<string, PhaseTimes>;
}

/** What ended within a period. */
export interface HistoryEnds {
  succeeded: number;
  failed: number;
  canceled: number;
  /** Failed tasks by the last part of the problem's type, such as `corrupt-image`. */
  failures: Record<string, number>;
  /** By operation; `pipeline` for several steps. */
  operations: Record<string, OperationTimes>;
}

/** The length of a period in which ends are counted. */
export const historyPeriodMs = 5 * 60_000;
/** So long they are kept. */
export const historyLifetimeMs = 48 * 3600_000;

export function noEnds(): HistoryEnds {
  return { succeeded: 0, failed: 0, canceled: 0, failures: {}, operations: {} };
}

/** The beginning of the period in which a time lies. */
export function periodOf(at: number): Date {
  return new Date(at - (at % historyPeriodMs));
}

/** Adds `more` to `ends`. */
export function addEnds(ends: HistoryEnds, more: HistoryEnds): void {
  ends.succeeded += more.succeeded;
  ends.failed += more.failed;
  ends.canceled += more.canceled;
  for (const [type, count] of Object.entries(more.failures)) ends.failures[type] = (ends.failures[type] ?? 0) + count;
  for (const [name, { tasks, phases }] of Object.entries(more.operations)) {
    ends.operations[name] ??= { tasks: 0, phases: {} };
    const operation = ends.operations[name];
    operation.tasks += tasks;
    for (const [phase, { sum, longest }] of Object.entries(phases)) {
      const known = operation.phases[phase] ?? { sum: 0, longest: 0 };
      operation.phases[phase] = { sum: known.sum + sum, longest: Math.max(known.longest, longest) };
    }
  }
}
