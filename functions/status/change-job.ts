import * as calls from '../../lib/http/calls/jobs.ts';
import { viewJob } from '../../lib/http/job-view.ts';
import { json } from '../../lib/http/responses.ts';
import * as changes from '../../lib/jobs/change-job.ts';
import type { StoredJob } from '../../lib/model/job.ts';
import { endpoint } from '../endpoint.ts';
import { openTasks } from '../open-tasks.ts';
import { storage } from '../storage.ts';
import { findJob } from './find-job.ts';

export const cancelJob = endpoint(calls.cancelJob, async (asked) => {
  await changes.cancelJob(await storage(), await findJob(asked));
  return begun(await findJob(asked));
});

export const retryJob = endpoint(calls.retryJob, async (asked) => {
  const [account, job] = [await storage(), await findJob(asked)];
  const { id: jobId, owner, counts } = job;
  const open = { owner, jobId, tasks: counts.Queued + counts.Running + counts.Failed };
  await openTasks.during(account, open, () => changes.retryJob(account, job));
  return begun(await findJob(asked));
});

async function begun(job: StoredJob) {
  return json(await viewJob(await storage(), job), { status: 202, headers: { 'Retry-After': '1' } });
}

export const deleteJob = endpoint(calls.deleteJob, async (asked) => {
  const job = await findJob(asked);
  await changes.deleteJob(await storage(), job);
  openTasks.forget(job.owner, job.id);
  return { status: 204 };
});
