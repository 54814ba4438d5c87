import type { Engine } from '../imaging/engine.ts';
import type { ImageResult } from '../imaging/worker.ts';
import { Problem, type ProblemDetails, problem } from '../problems.ts';
import { getBytes, putBytes, resultBlob } from './blobs.ts';
import type { Heartbeat } from './heartbeat.ts';
import { type Log, line } from './log.ts';
import { storeMeasurements } from './measurements.ts';
import { isFinal } from './states.ts';
import type { Storage } from './storage.ts';
import type { InputImage, StoredTask, Task, Timings } from './task.ts';
import { TaskConflictError, TaskStore } from './task-store.ts';
import { Workers } from './workers.ts';

export interface Worker {
  storage: Storage;
  engine: Engine;
  /** The instance's id, shown on the tasks it works on. */
  id: string;
  heartbeat: Heartbeat;
  /** After so long without a sign of life an instance is taken for dead. */
  silentMs: number;
  maxPixels: number;
}

/** As host.json's `maxDequeueCount`: reassigned tasks come with new messages, whose count starts anew. */
export const maxAttempts = 5;

/**
 * Works on a task that the queue has delivered. Returns once the message has done its duty: the task is in a final
 * state, or gone. Throws where the task should be delivered again; the row then says why.
 */
export async function processTask(worker: Worker, taskId: string, log: Log): Promise<void> {
  const found = await new TaskStore(worker.storage.tasks).get(taskId);
  if (!found || isFinal(found.state)) {
    log.info(line('task-skipped', { task: taskId, state: found?.state ?? 'gone' }));
  } else if (worker.heartbeat.has(taskId) || (await isWorkedOn(worker, found))) {
    // A second message for the same task; the first, or the heartbeat's absence, brings it back if it must be.
    log.info(line('task-skipped', { task: taskId, state: found.state, worker: found.worker }));
  } else if (found.attempts >= maxAttempts) {
    await buryTask(worker.storage, taskId, log);
  } else {
    await worker.heartbeat.during(taskId, log, () => attempt(worker, found, log));
  }
}

async function isWorkedOn({ storage, id, silentMs }: Worker, task: StoredTask): Promise<boolean> {
  if (task.state !== 'Running' || task.worker === null || task.worker === id) return false;
  return new Workers(storage.workers).isWorkingOn(task.worker, task.id, new Date(Date.now() - silentMs));
}

async function attempt(worker: Worker, found: StoredTask, log: Log): Promise<void> {
  const store = new TaskStore(worker.storage.tasks);
  const startedAt = new Date();
  const timings = { queuedMs: startedAt.getTime() - found.createdAt.getTime() };
  const start = { attempts: found.attempts + 1, startedAt, worker: worker.id, timings };
  const task = await store.apply(found, 'start', start);
  log.info(line('task-started', { task: task.id, attempt: task.attempts, worker: worker.id, ...timings }));
  try {
    const done = await work(worker, task);
    await store.apply(task, 'succeed', { ...done, finishedAt: new Date(), error: null });
    log.info(line('task-succeeded', { task: task.id, attempt: task.attempts, ...done.timings }));
  } catch (error) {
    if (error instanceof TaskConflictError) throw error;
    if (error instanceof Problem) await fail(store, task, error.details, log);
    else await release(store, task, error as Error, log);
  }
}

/** Handles a task that failed as often as the queue delivers: it ends as Failed, with its last error. */
export async function buryTask(storage: Storage, taskId: string, log: Log): Promise<void> {
  const store = new TaskStore(storage.tasks);
  const task = await store.get(taskId);
  if (!task || isFinal(task.state)) return;
  const last = task.error?.detail ?? 'The instance that worked on it came to its end.';
  await fail(
    store,
    task,
    problem('processing-failed', `Given up after ${task.attempts} attempts. ${last}`).details,
    log,
  );
}

/** Downloads, processes and uploads; gives what the row is to say of it. */
async function work({ storage, engine, maxPixels }: Worker, task: StoredTask) {
  const started = performance.now();
  const [image, reference] = await Promise.all([download(storage, task.input), download(storage, task.reference)]);
  const downloaded = performance.now();
  const { steps, output, page } = task;
  const job = { image, reference, steps, output, page, maxPixels };
  const pixels = pixelsOf(task.input, maxPixels) + (task.reference ? pixelsOf(task.reference, maxPixels) : 0);
  const result = await engine.run(job, pixels);
  const processed = performance.now();
  const blob = resultBlob(task.id);
  const [measurements] = await Promise.all([
    storeMeasurements(storage.results, task.id, result.measurements),
    putBytes(storage.results, blob, result.bytes, result.contentType),
  ]);
  const timings: Timings = {
    ...task.timings,
    downloadMs: downloaded - started,
    ...result.timings,
    uploadMs: performance.now() - processed,
  };
  return {
    result: resultImage(blob, result),
    measurements,
    timings: rounded(timings),
    input: seen(task.input, result),
  };
}

/** As its header says; one that does not say may have as many as are allowed. */
function pixelsOf({ width, height }: InputImage, maxPixels: number): number {
  return width === null || height === null ? maxPixels : width * height;
}

async function download(storage: Storage, image: InputImage): Promise<Buffer>;
async function download(storage: Storage, image: InputImage | null): Promise<Buffer | undefined>;
async function download(storage: Storage, image: InputImage | null): Promise<Buffer | undefined> {
  return image ? getBytes(storage.inputs, image.blob, image.bytes) : undefined;
}

function resultImage(blob: string, { contentType, bytes, width, height }: ImageResult): Task['result'] {
  return { blob, contentType, bytes: bytes.length, width, height };
}

/** The input as the decoder saw it: upright, and of the type that it is. */
function seen(input: InputImage, { input: { contentType, width, height } }: ImageResult): InputImage {
  return { ...input, contentType, width, height };
}

function rounded(timings: Timings): Timings {
  return Object.fromEntries(Object.entries(timings).map(([name, ms]) => [name, Math.round(ms * 10) / 10]));
}

async function fail(store: TaskStore, task: StoredTask, error: ProblemDetails, log: Log): Promise<void> {
  await store.apply(task, 'fail', { error, finishedAt: new Date() });
  log.warn(line('task-failed', { task: task.id, attempt: task.attempts, error }));
}

/** Notes the failed attempt on the row and passes the error on, so that the queue delivers the task again. */
async function release(store: TaskStore, task: StoredTask, error: Error, log: Log): Promise<never> {
  log.error(
    line('task-attempt-failed', { task: task.id, attempt: task.attempts, error: error.stack ?? error.message }),
  );
  const details = problem('processing-failed', `Attempt ${task.attempts} failed: ${firstLine(error)}`).details;
  await store.apply(task, 'release', { error: details });
  throw error;
}

function firstLine({ message }: Error): string {
  return message.split('\n')[0].slice(0, 500);
}
