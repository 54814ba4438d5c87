import { ownerOf } from '../../lib/http/caller.ts';
import { endpoint, json } from '../../lib/http/endpoint.ts';
import { workFrom } from '../../lib/http/fields.ts';
import { retryAfter, taskPath, taskView } from '../../lib/http/task-view.ts';
import { discardUpload, receiveUpload, type Upload } from '../../lib/http/upload.ts';
import { needsReference, type Step } from '../../lib/operations/steps.ts';
import { problem } from '../../lib/problems.ts';
import { newJobId } from '../../lib/tasks/ids.ts';
import { line } from '../../lib/tasks/log.ts';
import { loadMeasurements } from '../../lib/tasks/measurements.ts';
import { isFinal } from '../../lib/tasks/states.ts';
import { submitTask } from '../../lib/tasks/submit.ts';
import { workKey } from '../../lib/tasks/work-key.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';

/** POST /api/tasks: stores the images, records the task and puts it in line. */
export const createTask = endpoint(async (request, context) => {
  const jobId = newJobId();
  const owner = ownerOf(request, settings.authMode);
  const { maxImageBytes: maxBytes, maxImagePixels: maxPixels } = settings;
  const upload = await receiveUpload(request, jobId, await storage(), { maxBytes, maxPixels });
  try {
    const work = workFrom(upload.fields);
    const { steps } = work;
    const inputs = Object.values(upload.hashes).filter((hash) => hash !== undefined);
    const task = await submitTask(await storage(), {
      jobId,
      owner,
      ...work,
      ...imagesFor(steps, upload),
      callbackUrl: null,
      workKey: work.cache ? workKey({ ...work, inputs }) : null,
    });
    const operations = steps.map(({ operation }) => operation);
    context.info(line('task-queued', { task: task.id, state: task.state, operations }));
    const headers = { Location: taskPath(task.id), ...retryAfter(task) };
    const { results } = await storage();
    return json(taskView(task, await loadMeasurements(results, task.measurements)), {
      status: isFinal(task.state) ? 200 : 202,
      headers,
    });
  } catch (error) {
    await discardUpload(upload.images, await storage());
    throw error;
  }
});

/** The images that the steps need, no more and no less. */
function imagesFor(steps: Step[], { images: { image, reference } }: Upload) {
  if (!image)
    throw problem('missing-image', 'Send the image as the file field "image", or as the body.', { field: 'image' });
  const compares = needsReference(steps);
  if (compares && !reference) {
    const detail = 'Send the second image as the file field "reference" of a multipart body.';
    throw problem('missing-reference', detail, { field: 'reference' });
  }
  if (reference && !compares) {
    throw problem('unexpected-reference', 'Leave "reference" out, or use an operation that compares.', {
      field: 'reference',
    });
  }
  return { input: image, reference: reference ?? null };
}
