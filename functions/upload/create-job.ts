import { checkCallbackUrl } from '../../lib/callbacks/url.ts';
import { createJob as call } from '../../lib/http/calls/jobs.ts';
import { findEarlierJob } from '../../lib/http/earlier-images.ts';
import { workFromJson } from '../../lib/http/fields.ts';
import { jobPath, jobView } from '../../lib/http/job-view.ts';
import { presetFinder } from '../../lib/http/preset-finder.ts';
import { json } from '../../lib/http/responses.ts';
import { needsReference } from '../../lib/imaging/steps.ts';
import { submitJob } from '../../lib/jobs/submit-job.ts';
import { log } from '../../lib/log.ts';
import { jobLogEntry } from '../../lib/model/log-entries.ts';
import { problem } from '../../lib/problems.ts';
import { uploadBlob } from '../../lib/storage/blob-names.ts';
import { endpoint } from '../endpoint.ts';
import { openTasks } from '../open-tasks.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';
import { checkReference } from './check-reference.ts';

export const createJob = endpoint(call, async ({ owner, requestId, traceparent, body, once }) => {
  const { name, images, prefix, from, reference, callbackUrl, ...wanted } = body as NonNullable<typeof body>;
  if ([images, prefix, from].filter((source) => source !== undefined).length !== 1)
    throw problem('missing-image', 'Specify one of "images", "prefix" and "from".', { field: 'images' });
  const account = await storage();
  const work = workFromJson(wanted, await presetFinder(account, owner, wanted.preset));
  const earlier = from === undefined ? null : await findEarlierJob(account, owner, from);
  const inherited = needsReference(work.steps) ? earlier?.reference?.blob : undefined;
  const compared = reference === undefined ? inherited : uploadBlob(owner, reference);
  checkReference(needsReference(work.steps), compared !== undefined);
  const { callbackAllowedHosts: allowed } = settings;
  const checkedUrl = callbackUrl === undefined ? null : checkCallbackUrl(callbackUrl, allowed);
  const submission = {
    id: once.jobId,
    owner,
    requestId,
    traceparent,
    name: name ?? null,
    ...work,
    createdAt: once.createdAt ?? new Date(),
    reference: compared ?? null,
    callbackUrl: checkedUrl,
    source: images ? { images } : (earlier ?? { prefix: prefix as string }),
  };
  // How many there are under a prefix shows when they are listed.
  const open = { owner, jobId: once.jobId, tasks: images?.length ?? earlier?.total ?? null };
  const job = await openTasks.during(account, open, () => submitJob(account, submission));
  log.info(jobLogEntry('job-created', job));
  return json(jobView(job), { status: 202, headers: { Location: jobPath(job.id), 'Retry-After': '1' } });
});
