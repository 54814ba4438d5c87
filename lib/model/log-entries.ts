/** Log lines on tasks and jobs, with the facts that all of them have. */
import { type LogEvent, line } from '../log.ts';
import { parseTaskId } from './ids.ts';
import type { Job } from './job.ts';
import type { Task } from './task.ts';

/** What an event is about. */
export interface LogSubject {
  task?: Task;
  /** W3C trace context (`traceparent`) of what has ended, and when that began, in milliseconds since 1970. */
  trace?: string | null;
  since?: number;
}

/** A line on a task: which it is, the request that brought it, what is to be done, and who is at it for the how many-th time. */
export function taskLogEntry(event: LogEvent, task: Task, facts: Record<string, unknown> = {}): string {
  const { id, requestId: request, attempts: attempt, instance } = task;
  const job = parseTaskId(id)?.jobId;
  const told = { task: id, job, request, operations: operationsOf(task), attempt, instance, ...facts };
  return line(event, told, { task } satisfies LogSubject);
}

/** A line on a job as a whole. */
export function jobLogEntry(event: LogEvent, job: Job, facts: Record<string, unknown> = {}): string {
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
