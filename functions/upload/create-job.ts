import { checkCallbackUrl } from '../../lib/callbacks/url.ts';
import { createJob as call } from '../../lib/http/calls/jobs.ts';
import { workFromJson } from '../../lib/http/fields.ts';
import { jobPath, jobView } from '../../lib/http/job-view.ts';
import { json } from '../../lib/http/responses.ts';
import { needsReference } from '../../lib/imaging/steps.ts';
import { submitJob } from '../../lib/jobs/submit-job.ts';
import { jobLogEntry } from '../../lib/model/log-entries.ts';
import { problem } from '../../lib/problems.ts';
import { uploadBlob } from '../../lib/storage/blob-names.ts';
import { endpoint } from '../endpoint.ts';
import { openTasks } from '../open-tasks.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';
import { checkReference } from './check-reference.ts';

export const createJob = endpoint(call, async ({ owner, requestId, traceparent, body, once, context }) => {
  const { name, images, prefix, reference, callbackUrl, ...wanted } = body as NonNullable<typeof body>;
  if ((images === undefined) === (prefix === undefined))
    throw problem('missing-image', 'Give either "images" or a "prefix".', { field: 'images' });
  const work = workFromJson(wanted);
  checkReference(needsReference(work.steps), reference !== undefined);
  const { callbackAllowedHosts: allowed } = settings;
  const checkedUrl = callbackUrl === undefined ? null : checkCallbackUrl(callbackUrl, allowed);
  const account = await storage();
  const submission = {
    id: once.jobId,
    owner,
    requestId,
    traceparent,
    name: name ?? null,
    ...work,
    createdAt: once.createdAt ?? new Date(),
    reference: reference === undefined ? null : uploadBlob(owner, reference),
    callbackUrl: checkedUrl,
    source: images ? { images } : { prefix: prefix as string },
  };
  // How many there are under a prefix shows when they are listed.
  const open = { owner, jobId: once.jobId, tasks: images?.length ?? null };
  const job = await openTasks.during(account, open, () => submitJob(account, submission));
  context.info(jobLogEntry('job-created', job));
  return json(jobView(job), { status: 202, headers: { Location: jobPath(job.id), 'Retry-After': '1' } });
});
