import type { Work } from '../imaging/work.ts';
import type { ProblemDetails } from '../problems.ts';
import type { Lease } from './lease.ts';
import { type Counts, sumOfCounts, taskStates } from './states.ts';
import type { Callback, InputImage } from './task.ts';

/** Images that go through the same steps: one, submitted with its task, or up to `maxJobImages` uploaded before. */
export interface Job extends Work {
  id: string;
  owner: string;
  /** As a task's. */
  requestId: string | null;
  /** W3C trace context (`traceparent`) of that request. */
  traceparent: string | null;
  name: string | null;
  reference: InputImage | null;
  /** Null until the images under a prefix have been listed, and for good where the job ended before. */
  total: number | null;
  /** Null for a job of one task that was submitted with its image. */
  expansion: Expansion | null;
  /** The change that is being applied to all tasks, one after the other; null if there is none. */
  sweep: Sweep | null;
  createdAt: Date;
  /** When its owner canceled it. */
  canceledAt: Date | null;
  /** When the end of the last task was noticed, up to a few seconds after it. */
  finishedAt: Date | null;
  /** Why it could not be expanded. */
  error: ProblemDetails | null;
  callback: Callback | null;
}

/** The progress of creating the tasks of a job. It is written with the rows of the tasks, so that a repeated run continues where the last one ended. */
export interface Expansion {
  /** The images, one JSON object a line; null until those under `prefix` have been listed. */
  list: string | null;
  prefix: string | null;
  /** Where in the list the next image begins, in bytes. */
  offset: number;
  /** Number of tasks that have rows. */
  created: number;
  /** Number of these tasks that certainly have messages. */
  enqueued: number;
  /** The run that creates the tasks. */
  lease: Lease | null;
}

/** The progress of a change to all tasks of a job. A repeated run continues from here. */
export interface Sweep {
  kind: 'cancel' | 'retry' | 'delete';
  /** The tasks up to this index have been dealt with, except those of `batch`. */
  after: number;
  /** Of a retry: the failed tasks that are being requeued. They may have neither state nor message yet. */
  batch: number[];
  lease: Lease | null;
}

/** The row of a job, at version `rowEtag`. */
export interface JobRecord extends Job {
  rowEtag: string;
  /** When that was written. */
  touchedAt: Date;
}

/** A job with the counts of its tasks, at version `etag`. */
export interface StoredJob extends JobRecord {
  etag: string;
  counts: Counts;
}

export const jobStates = ['Queued', 'Running', 'Completed', 'Canceled', 'Failed'] as const;
/** Completed: every task is done, however it ended. Failed: not all tasks could be made, and those that were are done. */
export type JobState = (typeof jobStates)[number];

/** What a job's state depends on. */
export type JobFacts = Pick<StoredJob, 'counts' | 'total' | 'canceledAt' | 'error'>;

/** A job is open while tasks of it are, or may still be made; how it ended depends on why no more are made. */
export function jobState({ counts, total, canceledAt, error }: JobFacts): JobState {
  const stopped = error !== null || canceledAt !== null;
  const open = counts.Queued + counts.Running > 0 || (total === null && !stopped);
  if (!open) return error ? 'Failed' : canceledAt ? 'Canceled' : 'Completed';
  return total === null || counts.Queued === total ? 'Queued' : 'Running';
}

export function isDone(job: JobFacts): boolean {
  return !['Queued', 'Running'].includes(jobState(job));
}

/**
 * The tasks of a job by state. `moves` are what the processes have counted: how many tasks came into each state less how many
 * left it. Tasks without a row yet count as Queued; once the job is stopped, they never get one and count as Canceled. The
 * task of a job without an expansion was made with it, and counted by nobody.
 */
export function jobCounts({ total, expansion, canceledAt, error }: JobBasis, moves: Counts[]): Counts {
  const counts = sumOfCounts(moves);
  if (!expansion) counts.Queued += total ?? 0;
  const made = taskStates.reduce((sum, state) => sum + counts[state], 0);
  const stopped = canceledAt !== null || error !== null;
  counts[stopped ? 'Canceled' : 'Queued'] += Math.max(0, (total ?? 0) - made);
  return counts;
}

/** What a job's counts depend on, besides what was counted. */
export type JobBasis = Pick<Job, 'total' | 'expansion' | 'canceledAt' | 'error'>;
