import { getJob as call } from '../../lib/http/calls/jobs.ts';
import { isKnown } from '../../lib/http/conditional.ts';
import { viewJob } from '../../lib/http/job-view.ts';
import { json } from '../../lib/http/responses.ts';
import { isDone } from '../../lib/model/job.ts';
import { endpoint } from '../endpoint.ts';
import { storage } from '../storage.ts';
import { findJob } from './find-job.ts';
import { longPoll } from './long-poll.ts';

export const getJob = endpoint(call, async (asked) => {
  const { request, query } = asked;
  const job = await longPoll(asked, query.wait, findJob, isDone);
  const headers = {
    ETag: job.etag,
    'Cache-Control': 'private, no-cache',
    ...(!isDone(job) && { 'Retry-After': '1' }),
  };
  if (isKnown(request, job.etag)) return { status: 304, headers };
  return json(await viewJob(await storage(), job), { headers });
});
