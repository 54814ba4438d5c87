import { isKnown } from '../../lib/http/conditional.ts';
import { endpoint, json } from '../../lib/http/endpoint.ts';
import { awaitNews } from '../../lib/http/wait.ts';
import { isDone } from '../../lib/tasks/job.ts';
import { storage } from '../storage.ts';
import { findJob } from './find-job.ts';
import { viewJob } from './view-job.ts';

/** GET /api/jobs/{id}: state and counts; `?wait=` as for a task. */
export const getJob = endpoint(async (request) => {
  const job = await awaitNews(request, () => findJob(request), isDone);
  const headers = {
    ETag: job.etag,
    'Cache-Control': 'private, no-cache',
    ...(!isDone(job) && { 'Retry-After': '1' }),
  };
  if (isKnown(request, job.etag)) return { status: 304, headers };
  return json(await viewJob(await storage(), job), { headers });
});
