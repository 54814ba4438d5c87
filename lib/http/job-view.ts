import { finishedAtOf } from '../jobs/job-end.ts';
import { type Job, jobState, type StoredJob } from '../model/job.ts';
import type { Storage } from '../storage/storage.ts';

/** A job as the API shows it. Links are relative to the API's origin. */
export function jobView(job: StoredJob) {
  const { counts } = job;
  const self = jobPath(job.id);
  return {
    id: job.id,
    requestId: job.requestId,
    name: job.name,
    state: jobState(job),
    total: job.total,
    counts: {
      queued: counts.Queued,
      running: counts.Running,
      succeeded: counts.Succeeded,
      failed: counts.Failed,
      canceled: counts.Canceled,
    },
    steps: job.steps,
    output: job.output,
    page: job.page,
    createdAt: job.createdAt,
    canceledAt: job.canceledAt,
    finishedAt: job.finishedAt,
    error: job.error,
    callback: job.callback,
    links: { self, tasks: `${self}/tasks`, results: `${self}/results` },
  };
}

/** As `jobView`, of a job that may be done: with its end. */
export async function viewJob(storage: Storage, job: StoredJob) {
  return jobView({ ...job, finishedAt: await finishedAtOf(storage, job) });
}

export function jobPath(jobId: Job['id']): string {
  return `/api/jobs/${jobId}`;
}
