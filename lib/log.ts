import { AsyncLocalStorage } from 'node:async_hooks';

/** Where log lines go: a Functions invocation context fits. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** What is logged; docs/operations.md says when, and with which facts. */
export const logEvents = [
  'task-queued',
  'task-reused',
  'task-started',
  'task-succeeded',
  'task-failed',
  'task-canceled',
  'task-retried',
  'task-attempt-failed',
  'task-reassigned',
  'task-released',
  'task-requeued',
  'task-redelivered',
  'task-release-failed',
  'task-abandoned',
  'task-skipped',
  'job-created',
  'job-expanded',
  'job-expansion-interrupted',
  'job-finished',
  'job-failed',
  'job-canceled',
  'job-retried',
  'job-deleted',
  'job-check-failed',
  'job-dispatch-failed',
  'job-command-exhausted',
  'job-command-requeued',
  'job-command-reassigned',
  'job-command-released',
  'job-command-release-failed',
  'callback-delivered',
  'callback-failed',
  'callback-exhausted',
  'callback-skipped',
  'request',
  'request-failed',
  'response-aborted',
  'response-not-saved',
  'request-not-released',
  'intake-accepted',
  'intake-waiting',
  'intake-refused',
  'intake-skipped',
  'intake-exhausted',
  'backlog',
  'due-work-failed',
  'reassignment-failed',
  'heartbeat-failed',
  'history-failed',
  'storage-unavailable',
  'message-dropped',
  'cleaned-up',
  'clean-up-failed',
] as const;

export type LogEvent = (typeof logEvents)[number];

/** Is told of an event with its facts and what it is about, for those who make more of it than a line. */
export type LogObserver = (event: LogEvent, facts: Record<string, unknown>, subject: object) => void;

const observers = new Set<LogObserver>();

/** Has an observer told of every event that is logged. Gives the way to end that. */
export function observeLog(observer: LogObserver): () => void {
  observers.add(observer);
  return () => void observers.delete(observer);
}

const invocations = new AsyncLocalStorage<Log>();

/** Does work whose lines, and those of all that it begins, go to this log: an invocation's, so that the platform knows whose they are. */
export function withLog<T>(log: Log, work: () => T): T {
  return invocations.run(log, work);
}

/** Does work that goes on after the invocation that began it: its lines are nobody's, and go to the console. */
export function inBackground<T>(work: () => T): T {
  return invocations.exit(work);
}

/** The work as it logs here, for those who begin it from elsewhere, as a queue of this process does. */
export function boundToLog<Args extends unknown[], T>(work: (...args: Args) => T): (...args: Args) => T {
  return AsyncLocalStorage.bind(work);
}

/** The log of the invocation under way; the console's where there is none. */
export const log: Log = {
  info: (line) => (invocations.getStore() ?? console).info(line),
  warn: (line) => (invocations.getStore() ?? console).warn(line),
  error: (line) => (invocations.getStore() ?? console).error(line),
};

/** A log line that tools can read: one JSON object with the event's name and its facts. */
export function line(event: LogEvent, facts: Record<string, unknown>, subject: object = {}): string {
  for (const observe of observers) observe(event, facts, subject);
  return JSON.stringify({ event, ...facts });
}
