import pLimit from 'p-limit';
import { checkCallbackUrl } from '../../lib/callbacks/url.ts';
import { createTask as call } from '../../lib/http/calls/tasks.ts';
import { findEarlier, imagesOf } from '../../lib/http/earlier-images.ts';
import { type TaskWork, workFrom, workFromJson } from '../../lib/http/fields.ts';
import { Replay } from '../../lib/http/idempotency.ts';
import { presetFinder } from '../../lib/http/preset-finder.ts';
import { json } from '../../lib/http/responses.ts';
import { retryAfter, taskPath, taskView } from '../../lib/http/task-view.ts';
import { discardUpload, type Images, receiveUpload } from '../../lib/http/upload.ts';
import { inspectUploads } from '../../lib/http/uploaded-images.ts';
import { needsReference } from '../../lib/imaging/steps.ts';
import { log } from '../../lib/log.ts';
import { taskLogEntry } from '../../lib/model/log-entries.ts';
import { isFinal } from '../../lib/model/states.ts';
import type { StoredTask } from '../../lib/model/task.ts';
import { fieldProblem, Problem, problem } from '../../lib/problems.ts';
import { isUpload } from '../../lib/storage/blob-names.ts';
import { loadMeasurements } from '../../lib/storage/measurements.ts';
import { cacheKey } from '../../lib/tasks/cache-key.ts';
import { submitTask } from '../../lib/tasks/submit-task.ts';
import { endpoint, type RequestOf } from '../endpoint.ts';
import { openTasks } from '../open-tasks.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';
import { checkReference } from './check-reference.ts';

type TaskAsked = RequestOf<typeof call>;

/** So many tasks are recorded at once: however many are handed in, those who only look are answered soon. */
const recording = pLimit(8);

/** The images come with the request, or were uploaded before. */
export const createTask = endpoint(call, async (asked) => {
  const task = await (asked.body ? fromUploads(asked, asked.body) : fromRequest(asked));
  log.info(taskLogEntry(task.cached ? 'task-reused' : 'task-queued', task));
  const { results } = await storage();
  return json(taskView(task, await loadMeasurements(results, task.measurements)), {
    status: isFinal(task.state) ? 200 : 202,
    headers: { Location: taskPath(task.id), ...retryAfter(task) },
  });
});

const limits = { maxBytes: settings.maxImageBytes, maxPixels: settings.maxImagePixels };

async function fromRequest(asked: TaskAsked): Promise<StoredTask> {
  const { request, once, bodyLimits } = asked;
  const account = await storage();
  const { fields, images, hashes } = await receiveUpload(request, once.jobId, account, { ...limits, ...bodyLimits });
  try {
    const [, preset] = fields.find(([name]) => name === 'preset') ?? [];
    const work = workFrom(fields, await presetFinder(account, asked.owner, preset));
    // The order of the fields, and of the names in their JSON, makes no other request.
    await once.check({ ...work, names: [images.image?.name, images.reference?.name], hashes });
    return await submit(asked, work, images, Object.values(hashes));
  } catch (error) {
    // After a fault of the storage the task may have been recorded, and need its images.
    if (error instanceof Problem || error instanceof Replay) await discardUpload(images, account);
    throw error;
  }
}

async function fromUploads(asked: TaskAsked, body: NonNullable<TaskAsked['body']>): Promise<StoredTask> {
  const { image, reference, from, cache, callbackUrl, ...wanted } = body;
  const find = await presetFinder(await storage(), asked.owner, wanted.preset);
  const work = { ...workFromJson(wanted, find), cache, callbackUrl };
  if (from !== undefined) return fromEarlier(asked, work, from, { image, reference });
  if (image === undefined)
    throw problem(
      'missing-image',
      'Specify an uploaded "image", or in "from" the ID of a task whose image is to be used.',
      {
        field: 'image',
      },
    );
  const { images, hashes } = await inspectUploads(await storage(), asked.owner, { image, reference }, limits);
  return submit(asked, work, images, hashes);
}

/** The image of an earlier task once more; a second image may be another. */
async function fromEarlier(
  asked: TaskAsked,
  work: TaskWork,
  from: string,
  { image, reference }: { image: string | undefined; reference: string | undefined },
): Promise<StoredTask> {
  if (image !== undefined) throw fieldProblem('from', 'cannot be combined with "image"');
  const { owner, once } = asked;
  const account = await storage();
  const earlier = await findEarlier(account, owner, from);
  const own = needsReference(work.steps) && reference === undefined;
  const { images, hashes } = await imagesOf(account, earlier, once.jobId, own);
  const uploaded = reference === undefined ? null : await inspectUploads(account, owner, { reference }, limits);
  try {
    const all = { ...images, ...uploaded?.images };
    return await submit(asked, work, all, [...hashes, ...(uploaded?.hashes ?? [])], from);
  } catch (error) {
    // Copies only: uploads are their owner's.
    const copies = Object.entries(images).filter(([, { blob }]) => !isUpload(blob));
    if (error instanceof Problem || error instanceof Replay) await discardUpload(Object.fromEntries(copies), account);
    throw error;
  }
}

async function submit(
  { owner, requestId, traceparent, once }: TaskAsked,
  { cache, callbackUrl, ...work }: TaskWork,
  { image, reference }: Images,
  hashes: (string | undefined)[],
  from?: string,
): Promise<StoredTask> {
  if (!image)
    throw problem('missing-image', 'Send the image as the file field "image", or as the body.', { field: 'image' });
  checkReference(needsReference(work.steps), reference !== undefined);
  const checkedUrl = callbackUrl === undefined ? null : checkCallbackUrl(callbackUrl, settings.callbackAllowedHosts);
  const account = await storage();
  const inputs = hashes.filter((hash) => hash !== undefined);
  const submission = {
    jobId: once.jobId,
    createdAt: once.createdAt ?? new Date(),
    owner,
    requestId,
    traceparent,
    ...work,
    input: image,
    reference: reference ?? null,
    callbackUrl: checkedUrl,
    cacheKey: cache ? cacheKey({ ...work, inputs }) : null,
    ...(from !== undefined && { from }),
  };
  const { jobId } = once;
  const task = await openTasks.during(account, { owner, jobId, tasks: 1 }, () =>
    recording(() => submitTask(account, submission)),
  );
  if (isFinal(task.state)) openTasks.forget(owner, jobId);
  return task;
}
