/** How long what is kept, as rules alone. */
import { historyLifetimeMs } from './history.ts';
import { isDone, type JobFacts } from './job.ts';

/** How long the answers to requests with an Idempotency-Key are good. */
export const answerLifetimeMs = 24 * 3600_000;

/** What is older than these is past its time. */
export interface Cutoffs {
  /** Of jobs and their tasks, and the notes of what work tasks have done. */
  jobs: Date;
  /** Of jobs that are not done: a backlog may be longer than the retention. */
  openJobs: Date;
  /** Of uploads, and of blobs that belong to nothing any more. */
  blobs: Date;
  /** Of answers to requests with an Idempotency-Key. */
  answers: Date;
  /** Of what operators see of the last hours. */
  history: Date;
}

/** Everything stays for `retentionMs` at least; uploads and open jobs for twice that. */
export function cutoffsAt(now: number, retentionMs: number): Cutoffs {
  const old = new Date(now - 2 * retentionMs);
  return {
    jobs: new Date(now - retentionMs),
    openJobs: old,
    blobs: old,
    answers: new Date(now - answerLifetimeMs),
    history: new Date(now - historyLifetimeMs),
  };
}

/** Whether a job is to be deleted. One of which only its place in a list is left, is. */
export function isJobPast(job: (JobFacts & { createdAt: Date }) | null, { jobs, openJobs }: Cutoffs): boolean {
  return job === null || job.createdAt < (isDone(job) ? jobs : openJobs);
}
