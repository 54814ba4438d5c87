import { z } from 'zod';
import { ownerOf } from '../../lib/http/caller.ts';
import { endpoint, json } from '../../lib/http/endpoint.ts';
import { workFromJson, workSchema } from '../../lib/http/fields.ts';
import { imageName, imagePrefix } from '../../lib/http/image-names.ts';
import { jobPath, jobView } from '../../lib/http/job-view.ts';
import { readJson } from '../../lib/http/json-body.ts';
import { needsReference } from '../../lib/operations/steps.ts';
import { problem } from '../../lib/problems.ts';
import { uploadBlob } from '../../lib/tasks/blobs.ts';
import { newJobId } from '../../lib/tasks/ids.ts';
import { maxJobImages } from '../../lib/tasks/job.ts';
import { line } from '../../lib/tasks/log.ts';
import { submitJob } from '../../lib/tasks/submit-job.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';

/** A name for each of `maxJobImages`, and the steps. */
const maxBodyBytes = 48 * 2 ** 20;

const body = z.strictObject({
  name: z.string().min(1).max(200).optional(),
  images: z.array(imageName).min(1).max(maxJobImages).optional(),
  prefix: imagePrefix.optional(),
  reference: imageName.optional(),
  ...workSchema.shape,
});

/** POST /api/jobs: many uploaded images through the same steps; answered at once, its tasks are made by the queue. */
export const createJob = endpoint(async (request, context) => {
  const owner = ownerOf(request, settings.authMode);
  const { name, images, prefix, reference, ...wanted } = await readJson(request, body, maxBodyBytes);
  if ((images === undefined) === (prefix === undefined))
    throw problem('missing-image', 'Give either "images" or a "prefix".', { field: 'images' });
  const { steps, output, page } = workFromJson(wanted);
  checkReference(needsReference(steps), reference !== undefined);
  const job = await submitJob(await storage(), {
    ...{ id: newJobId(), owner, name: name ?? null, steps, output, page },
    reference: reference === undefined ? null : uploadBlob(owner, reference),
    source: images ? { images } : { prefix: prefix as string },
  });
  context.info(line('job-created', { job: job.id, total: job.total }));
  return json(jobView(job), { status: 202, headers: { Location: jobPath(job.id), 'Retry-After': '1' } });
});

function checkReference(needed: boolean, given: boolean): void {
  if (needed && !given)
    throw problem('missing-reference', 'Name the image to compare with as "reference".', { field: 'reference' });
  if (given && !needed)
    throw problem('unexpected-reference', 'Leave "reference" out, or use an operation that compares.', {
      field: 'reference',
    });
}
