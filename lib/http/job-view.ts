import { finishedAtOf } from '../jobs/job-end.ts';
import { type Job, jobState, type StoredJob } from '../model/job.ts';
import { taskStates } from '../model/states.ts';
import type { Storage } from '../storage/storage.ts';
import { countName, jobSchema, shown } from './calls/schemas.ts';

/** A job as the API shows it. Links are relative to the API's origin. */
export function jobView(job: StoredJob) {
  const self = jobPath(job.id);
  return {
    ...shown(jobSchema, job),
    state: jobState(job),
    counts: Object.fromEntries(taskStates.map((state) => [countName(state), job.counts[state]])),
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
