import { endpoint, json } from '../../lib/http/endpoint.ts';
import { workFrom } from '../../lib/http/fields.ts';
import { retryAfter, taskPath, taskView } from '../../lib/http/task-view.ts';
import { discardUpload, receiveUpload, type Upload } from '../../lib/http/upload.ts';
import { needsReference, type Step } from '../../lib/operations/steps.ts';
import { problem } from '../../lib/problems.ts';
import { newJobId } from '../../lib/tasks/ids.ts';
import { line } from '../../lib/tasks/log.ts';
import { submitTask } from '../../lib/tasks/submit.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';

/** POST /api/tasks: stores the images, records the task and puts it in line. */
export const createTask = endpoint(async (request, context) => {
  const jobId = newJobId();
  const { maxImageBytes: maxBytes, maxImagePixels: maxPixels } = settings;
  const upload = await receiveUpload(request, jobId, await storage(), { maxBytes, maxPixels });
  try {
    const { steps, output, page } = workFrom(upload.fields);
    const task = await submitTask(await storage(), { jobId, steps, output, page, ...imagesFor(steps, upload) });
    context.info(line('task-queued', { task: task.id, operations: steps.map(({ operation }) => operation) }));
    const headers = { Location: taskPath(task.id), ...retryAfter(task) };
    return json(taskView(task, null), { status: 202, headers });
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
