import { isJobId } from '../../lib/model/ids.ts';
import type { StoredJob } from '../../lib/model/job.ts';
import { problem } from '../../lib/problems.ts';
import type { RequestContext } from '../endpoint.ts';
import { storage } from '../storage.ts';

/** The caller's job that the path names. Throws `job-not-found`, also for what cannot be an id. */
export async function findJob({
  request,
  owner,
}: Pick<RequestContext<unknown, unknown>, 'request' | 'owner'>): Promise<StoredJob> {
  const { id } = request.params;
  const job = isJobId(id) ? await (await storage()).jobs.glance(id) : null;
  if (job?.owner === owner) return job;
  throw problem('job-not-found', `No job has the id ${JSON.stringify(id.slice(0, 64))}.`);
}
