import { parseTaskId } from './ids.ts';
import type { Job } from './job.ts';
import type { Task } from './task.ts';

/** Where log lines go: a Functions invocation context fits. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** What is logged; docs/operations.md says when, and with which facts. */
export const logEvents = [
  ...(['task-queued', 'task-taken-over', 'task-started', 'task-succeeded', 'task-failed'] as const),
  ...(['task-cancelled', 'task-retried', 'task-attempt-failed', 'task-reassigned', 'task-handed-back'] as const),
  ...(['task-put-back', 'task-redelivered', 'task-not-handed-back', 'task-given-up', 'task-skipped'] as const),
  ...(['job-created', 'job-expanded', 'job-expansion-interrupted', 'job-done', 'job-failed', 'job-cancelled'] as const),
  ...(['job-retried', 'job-deleted', 'job-step-given-up', 'job-step-put-back', 'job-look-failed'] as const),
  ...(['job-step-reassigned', 'job-step-handed-back', 'job-step-not-handed-back'] as const),
  ...(['callback-delivered', 'callback-failed', 'callback-given-up', 'callback-skipped'] as const),
  ...(['request', 'request-failed', 'answer-broken-off', 'answer-not-kept', 'request-not-abandoned'] as const),
  ...(['backlog', 'due-failed', 'heartbeat-failed', 'storage-unavailable', 'message-dropped'] as const),
  ...(['cleaned-up', 'clean-up-failed'] as const),
];

export type LogEvent = (typeof logEvents)[number];

/** A log line that tools can read: one JSON object with the event's name and its facts. */
export function line(event: LogEvent, facts: Record<string, unknown>): string {
  return JSON.stringify({ event, ...facts });
}

/** A line on a task: which it is, the request that brought it, what is to be done, and who is at it for the how many-th time. */
export function taskLine(event: LogEvent, task: Task, facts: Record<string, unknown> = {}): string {
  const { id, requestId: request, attempts: attempt, worker } = task;
  const job = parseTaskId(id)?.jobId;
  return line(event, { task: id, job, request, operations: operationsOf(task), attempt, worker, ...facts });
}

/** A line on a job as a whole. */
export function jobLine(event: LogEvent, job: Job, facts: Record<string, unknown> = {}): string {
  return line(event, {
    job: job.id,
    request: job.requestId,
    operations: operationsOf(job),
    total: job.total,
    ...facts,
  });
}

function operationsOf({ steps }: Pick<Task, 'steps'>): string[] {
  return steps.map(({ operation }) => operation);
}
