/** Where log lines go: a Functions invocation context fits. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** What is logged; docs/operations.md says when, and with which facts. */
export const logEvents = [
  ...(['task-queued', 'task-taken-over', 'task-started', 'task-succeeded', 'task-failed'] as const),
  ...(['task-canceled', 'task-retried', 'task-attempt-failed', 'task-reassigned', 'task-handed-back'] as const),
  ...(['task-put-back', 'task-redelivered', 'task-not-handed-back', 'task-given-up', 'task-skipped'] as const),
  ...(['job-created', 'job-expanded', 'job-expansion-interrupted', 'job-done', 'job-failed', 'job-canceled'] as const),
  ...([
    'job-retried',
    'job-deleted',
    'job-command-given-up',
    'job-command-put-back',
    'job-look-failed',
    'job-dispatch-failed',
  ] as const),
  ...(['job-command-reassigned', 'job-command-handed-back', 'job-command-not-handed-back'] as const),
  ...(['callback-delivered', 'callback-failed', 'callback-given-up', 'callback-skipped'] as const),
  ...(['request', 'request-failed', 'answer-broken-off', 'answer-not-kept', 'request-not-abandoned'] as const),
  ...([
    'backlog',
    'due-failed',
    'reassignment-failed',
    'heartbeat-failed',
    'storage-unavailable',
    'message-dropped',
  ] as const),
  ...(['intake-taken', 'intake-waiting', 'intake-refused', 'intake-skipped', 'intake-given-up'] as const),
  ...(['cleaned-up', 'clean-up-failed'] as const),
];

export type LogEvent = (typeof logEvents)[number];

/** Is told of an event with its facts and what it is about, for those who make more of it than a line. */
export type LogObserver = (event: LogEvent, facts: Record<string, unknown>, subject: object) => void;

const observers = new Set<LogObserver>();

/** Has an observer told of every event that is logged. Gives the way to end that. */
export function observeLog(observer: LogObserver): () => void {
  observers.add(observer);
  return () => void observers.delete(observer);
}

/** Where there is no invocation to log for. */
export const consoleLog: Log = { info: console.info, warn: console.warn, error: console.error };

/** A log line that tools can read: one JSON object with the event's name and its facts. */
export function line(event: LogEvent, facts: Record<string, unknown>, subject: object = {}): string {
  for (const observe of observers) observe(event, facts, subject);
  return JSON.stringify({ event, ...facts });
}
