import type { OutputOptions } from '../imaging/output.ts';
import type { Step } from '../operations/steps.ts';
import type { ProblemDetails } from '../problems.ts';
import type { Counts } from './states.ts';
import type { Callback, InputImage } from './task.ts';

/** Images that go through the same steps: one, handed in with its task, or up to `maxJobImages` uploaded before. */
export interface Job {
  id: string;
  owner: string;
  /** As a task's. */
  requestId: string | null;
  name: string | null;
  steps: Step[];
  output: OutputOptions;
  page: number;
  reference: InputImage | null;
  /** Null until the images under a prefix have been listed. */
  total: number | null;
  expansion: Expansion | null;
  createdAt: Date;
  /** When its owner cancelled it. */
  cancelledAt: Date | null;
  /** When it was seen that every task is done; later than the last task's end by as much as it takes to look. */
  finishedAt: Date | null;
  /** Why it could not be expanded. */
  error: ProblemDetails | null;
  callback: Callback | null;
}

/** How far the tasks of a job have been made. Written with the rows it speaks of, so that a repeated run goes on where the last one ended. */
export interface Expansion {
  /** The images, one JSON object a line; null until those under `prefix` have been listed. */
  list: string | null;
  prefix: string | null;
  /** Where in the list the next image begins, in bytes. */
  offset: number;
  /** So many tasks have rows; */
  created: number;
  /** and of these so many have certainly been put in line. */
  enqueued: number;
}

export const maxJobImages = 100_000;

/** A job as it stands, at the version that `etag` names. */
export interface StoredJob extends Job {
  /** Of the job's row alone. */
  rowEtag: string;
  /** When that was written. */
  touchedAt: Date;
  /** Of the job with its counts. */
  etag: string;
  counts: Counts;
}

export const jobStates = ['Queued', 'Running', 'Completed', 'Cancelled', 'Failed'] as const;
/** Completed: every task is done, however it ended. Failed: the tasks could not be made. */
export type JobState = (typeof jobStates)[number];

export function jobState({ counts, cancelledAt, error, ...job }: StoredJob): JobState {
  if (error) return 'Failed';
  if (job.total !== null && counts.Queued + counts.Running === 0) return cancelledAt ? 'Cancelled' : 'Completed';
  return counts.Queued === job.total || job.total === null ? 'Queued' : 'Running';
}

export function isDone(job: StoredJob): boolean {
  return !['Queued', 'Running'].includes(jobState(job));
}
