/** Images that are uploaded to container `intake`: each becomes a task of its folder's pipeline. */
import { createHmac } from 'node:crypto';
import { outboxUrl, putProblem } from '../callbacks/outbox.ts';
import { readImageHeader } from '../imaging/image-header.ts';
import type { Work } from '../imaging/work.ts';
import { line, log } from '../log.ts';
import { jobIdFrom } from '../model/ids.ts';
import { taskLogEntry } from '../model/log-entries.ts';
import type { InputImage } from '../model/task.ts';
import { newTrace } from '../model/trace.ts';
import { imageTooLarge, Problem, problem } from '../problems.ts';
import type { BlobHead } from '../storage/blob-container.ts';
import { intakeInputBlob } from '../storage/blob-names.ts';
import { forEachLimit } from '../storage/for-each-limit.ts';
import { inputNotFound } from '../storage/images.ts';
import type { Storage } from '../storage/storage.ts';
import { submitTask } from '../tasks/submit-task.ts';
import { blobCreatedEvent, type CreatedBlob, folderOf, isNoImage, pipelineOf } from './blob-created.ts';
import type { Pipelines } from './pipelines.ts';

export interface Intake {
  storage: Storage;
  pipelines: Pipelines;
  /** The owner of the tasks. */
  owner: string;
  /** Older images are skipped: their tasks have been deleted. */
  retentionMs: number;
  maxBytes: number;
  maxPixels: number;
  /** The share of tasks that are traced. */
  traceRatio: number;
}

/** Most formats have their type and size within the first bytes. */
const headBytes = 256 * 2 ** 10;
const eventsAtOnce = 16;
const pageBlobs = 1000;

/**
 * Handles the event of one blob. A repeated event, or the event of an earlier version, has no effect. An image whose pipeline is
 * missing or invalid waits for the pipeline. The problem of an image that is refused goes to the outbox.
 */
export async function ingestBlob(intake: Intake, created: CreatedBlob): Promise<void> {
  const { storage, pipelines } = intake;
  const { name } = created;
  const folder = folderOf(name);
  if (folder !== null && name === pipelineOf(folder)) return requeueWaiting(intake, folder);
  if (isNoImage(name)) return skip(name, 'no image');
  try {
    if (folder === null)
      throw problem(
        'missing-operation',
        'Upload the image to a folder that has a pipeline.json, which defines the steps.',
      );
    const pipeline = await pipelines.of(folder);
    if (pipeline instanceof Problem) return log.warn(line('intake-waiting', { blob: name, error: pipeline.details }));
    await submitImage(intake, created, pipeline);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await putProblem(storage, name, error.details);
    log.warn(line('intake-refused', { blob: name, error: error.details }));
  }
}

async function submitImage(intake: Intake, { name, etag, eventId }: CreatedBlob, work: Work): Promise<void> {
  const { storage, owner, maxBytes, maxPixels } = intake;
  const found = await storage.intake.head(name, headBytes, () => inputNotFound('image'));
  // The newer version has its own event.
  if (found.etag !== etag) return skip(name, 'replaced');
  if (found.lastModified.getTime() < Date.now() - intake.retentionMs) return skip(name, 'old');
  const image = inspected(found, { maxBytes, maxPixels });
  const jobId = jobIdFrom(
    createHmac('sha256', storage.uploadSecret).update(`tessera intake\n${name}\n${etag}`).digest(),
  );
  const input: InputImage = { ...image, blob: intakeInputBlob(jobId), name: name.split('/').at(-1) as string };
  const copied = await storage.inputs.copy({ blob: name, etag }, input.blob, storage.intake);
  if (!copied) return skip(name, 'replaced');
  const task = await submitTask(storage, {
    jobId,
    owner,
    requestId: eventId,
    traceparent: newTrace(null, intake.traceRatio),
    createdAt: new Date(),
    ...work,
    input,
    reference: null,
    callbackUrl: outboxUrl(name, etag),
    cacheKey: null,
  });
  log.info(taskLogEntry('intake-accepted', task, { blob: name }));
}

function inspected({ head, bytes }: BlobHead, limits: { maxBytes: number; maxPixels: number }) {
  if (bytes === 0) throw problem('empty-image', 'The image has no bytes.');
  if (bytes > limits.maxBytes) throw imageTooLarge('image', limits.maxBytes);
  return { bytes, ...readImageHeader(head, limits.maxPixels) };
}

/** Sends the events of a folder's images again after its pipeline was added or changed. */
async function requeueWaiting({ storage, pipelines, retentionMs }: Intake, folder: string): Promise<void> {
  const pipeline = await pipelines.of(folder);
  if (pipeline instanceof Problem)
    return log.warn(line('intake-waiting', { blob: pipelineOf(folder), error: pipeline.details }));
  const { intake, intakeQueue } = storage;
  const since = Date.now() - retentionMs;
  let marker: string | null | undefined;
  while (marker !== null) {
    const { blobs, next } = await intake.listPage(`${folder}/`, pageBlobs, marker);
    const images = blobs.filter(({ name, lastModified }) => !isNoImage(name) && lastModified.getTime() >= since);
    await forEachLimit(images, eventsAtOnce, (image) =>
      intakeQueue.send(blobCreatedEvent(image, intake.url, image.lastModified)),
    );
    marker = next;
  }
}

/** Writes the problem of an image whose event was delivered the maximum number of times. */
export async function failIntake(storage: Storage, { name }: CreatedBlob): Promise<void> {
  const { details } = problem('processing-failed', 'The image could not be processed. Upload it again.');
  await putProblem(storage, name, details);
  log.error(line('intake-exhausted', { blob: name }));
}

function skip(blob: string, reason: string): void {
  log.info(line('intake-skipped', { blob, reason }));
}
