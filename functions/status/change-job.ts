import { endpoint, json } from '../../lib/http/endpoint.ts';
import { jobView } from '../../lib/http/job-view.ts';
import { problem } from '../../lib/problems.ts';
import * as changes from '../../lib/tasks/job-changes.ts';
import { storage } from '../storage.ts';
import { findJob } from './find-job.ts';

/** POST /api/jobs/{id}/cancel: no further task begins; those that run are ended. */
export const cancelJob = endpoint(async (request) => {
  const { id } = await findJob(request);
  await changes.cancelJob(await storage(), id);
  return json(jobView(await findJob(request)), { status: 202, headers: { 'Retry-After': '1' } });
});

/** POST /api/jobs/{id}/retry: puts all failed tasks of the job in line again. */
export const retryJob = endpoint(async (request) => {
  const job = await findJob(request);
  if (job.cancelledAt || job.error)
    throw problem('not-allowed-now', `The job ${job.error ? 'has failed' : 'was cancelled'}: start another one.`);
  await changes.retryJob(await storage(), job.id);
  return json(jobView(await findJob(request)), { status: 202, headers: { 'Retry-After': '1' } });
});

/** DELETE /api/jobs/{id}: deletes its tasks and their results; images that were uploaded by themselves stay. */
export const deleteJob = endpoint(async (request) => {
  await changes.deleteJob(await storage(), await findJob(request));
  return { status: 204 };
});
