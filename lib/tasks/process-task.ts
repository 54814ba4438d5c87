import { inspect } from 'node:util';
import type PQueue from 'p-queue';
import type { Engine } from '../imaging/engine.ts';
import type { ImageResult } from '../imaging/engine-thread.ts';
import { readImageHeader } from '../imaging/image-header.ts';
import { workOf } from '../imaging/work.ts';
import type { Heartbeat } from '../instances/heartbeat.ts';
import { boundToLog, line, log } from '../log.ts';
import { parseTaskId } from '../model/ids.ts';
import { taskLogEntry } from '../model/log-entries.ts';
import { isFinal } from '../model/states.ts';
import type { InputImage, StoredTask, Task, Timings } from '../model/task.ts';
import { forced } from '../model/trace.ts';
import { Problem, problem } from '../problems.ts';
import { resultBlob, taskFolder } from '../storage/blob-names.ts';
import { getImage } from '../storage/images.ts';
import { storeMeasurements } from '../storage/measurements.ts';
import { enqueueTask } from '../storage/queues.ts';
import { putRenditions } from '../storage/renditions.ts';
import type { Storage } from '../storage/storage.ts';
import { TaskConflictError, type TaskStore } from '../storage/task-store.ts';
import { isStorageFault, withStorageRetry } from '../storage/transient-errors.ts';
import type { Cancellations } from './cancellations.ts';
import { enqueuePendingCallback, finishTask } from './finish-task.ts';
import { isUsedUp, resolvePoisonedTask } from './requeue-task.ts';

export interface TaskProcessor {
  storage: Storage;
  engine: Engine;
  /** The instance's id, shown on the tasks it works on. */
  id: string;
  heartbeat: Heartbeat;
  cancellations: Cancellations;
  /** Sees that a job is noted as done after its last task. */
  jobEnds: { taskEnded(jobId: string): void; stop(): Promise<void> };
  /** Lets so many tasks at once be begun, downloaded and worked on; others wait, as Queued. */
  turns: PQueue;
  /** After so long without a sign of life an instance is taken for dead. */
  silentMs: number;
  maxPixels: number;
  maxBytes: number;
  /** How long it waits for a storage that is away, where not as long as usual. */
  retryMs?: number;
}

/** Where formats have their size. */
const headerBytes = 4 * 2 ** 20;

/** How often a task at work looks whether it has been canceled, or taken over. */
const watchMs = 2000;

/**
 * Works on a task that the queue has delivered. Returns once the message has done its duty: the task is in a final
 * state, or gone. Tasks of a higher priority begin first. Throws where the task should be delivered again; the row then says why.
 */
export async function processTask(processor: TaskProcessor, taskId: string, priority = 0): Promise<void> {
  const { heartbeat, id, turns, retryMs } = processor;
  // While it waits for its turn and for the storage too, the task is this instance's: its message is hidden from the others.
  const work = () => {
    // The others may know before its turn comes: then it need not wait for that with a thread idle.
    const announced = heartbeat.announce();
    announced.catch(() => {});
    const tries = [announced];
    const handled = () => take(processor, taskId, tries.pop() ?? heartbeat.announce());
    return turns.add(
      boundToLog(() => withStorageRetry(handled, { task: taskId }, retryMs)),
      { priority },
    );
  };
  const begun = await heartbeat.during(taskId, work);
  if (!begun) log.info(line('task-skipped', { task: taskId, instance: id }));
}

async function take(processor: TaskProcessor, taskId: string, announced: Promise<void>): Promise<void> {
  const [found] = await Promise.all([processor.storage.tasks.get(taskId), announced]);
  try {
    await handle(processor, taskId, found);
  } finally {
    // Whatever became of it: another process may have ended it, and died before it could look.
    if (found?.inJob) processor.jobEnds.taskEnded(jobIdOf(taskId));
  }
}

async function handle(processor: TaskProcessor, taskId: string, found: StoredTask | null): Promise<void> {
  const { storage } = processor;
  if (!found || isFinal(found.state)) {
    log.info(line('task-skipped', { task: taskId, state: found?.state ?? 'gone' }));
    // Had the instance died right after the task's end, nobody would have been told.
    if (found) await enqueuePendingCallback(storage, found);
  } else if (found.instance !== processor.id && (await isWorkedOn(storage, found, processor.silentMs))) {
    // A second message for the same task; the first, or the heartbeat's absence, brings it back if it must be.
    log.info(line('task-skipped', { task: taskId, state: found.state, instance: found.instance }));
  } else if (found.inJob && (await processor.cancellations.has(jobIdOf(taskId)))) {
    await finishTask(storage, found, 'cancel', {});
  } else if (found.unreadable) {
    await finishTask(storage, found, 'fail', { error: found.error });
  } else if (isUsedUp(found)) {
    await resolvePoisonedTask(storage, taskId, processor.silentMs);
  } else {
    const outcome = await attempt(processor, found);
    if (outcome === 'outdated') await take(processor, taskId, processor.heartbeat.announce());
  }
}

/** Outdated: someone else changed the task before this attempt could begin. */
async function attempt(processor: TaskProcessor, found: StoredTask): Promise<'begun' | 'outdated'> {
  const store = processor.storage.tasks;
  const startedAt = new Date();
  const timings = { queuedMs: startedAt.getTime() - found.createdAt.getTime() };
  // Running, it is taken over from an instance that is gone: that was no attempt.
  const { attempts, losses } = found;
  const counts = found.state === 'Running' ? { losses: losses + 1 } : { attempts: attempts + 1 };
  const start = { ...counts, startedAt, instance: processor.id, timings };
  const task = await store.apply(found, 'start', start).catch((error) => {
    if (error instanceof TaskConflictError) return null;
    throw error;
  });
  if (!task) return 'outdated';
  log.info(taskLogEntry('task-started', task, timings));
  const watch = new Watch(store, task);
  try {
    const done = await work(processor, task, watch.signal);
    await finishTask(processor.storage, task, 'succeed', { ...done, error: null });
  } catch (error) {
    if (error instanceof TaskConflictError) await abandonAttempt(processor.storage, task, error);
    else if (error instanceof Problem) await finishTask(processor.storage, task, 'fail', { error: error.details });
    else await releaseAfterError(store, task, error);
  } finally {
    watch.stop();
  }
  return 'begun';
}

/** Looks after a task at work: aborts when its row has changed under it. */
class Watch {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(store: TaskStore, task: StoredTask) {
    this.#timer = setInterval(async () => {
      // A failed look is no reason to stop: the row's ETag decides in the end.
      const ours = await store.get(task.id).then(
        (now) => isSameAttempt(task, now),
        () => true,
      );
      if (!ours) this.#controller.abort(new TaskConflictError(`Task ${task.id} changed meanwhile.`));
    }, watchMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

function isSameAttempt(task: StoredTask, now: StoredTask | null): boolean {
  if (now?.state !== 'Running' || now.instance !== task.instance) return false;
  return now.startedAt?.getTime() === task.startedAt?.getTime();
}

/** The task was canceled, deleted or taken over while it was worked on here; what came of it is in nobody's way. */
async function abandonAttempt(storage: Storage, task: StoredTask, conflict: TaskConflictError): Promise<void> {
  const now = await storage.tasks.get(task.id);
  if (!now) await storage.results.deleteAll(taskFolder(task.id));
  if (isSameAttempt(task, now)) throw conflict;
  if (now) await enqueuePendingCallback(storage, now);
  log.info(taskLogEntry('task-abandoned', task, { state: now?.state ?? 'gone' }));
}

/** Requeues the tasks that the instance holds, because it is about to stop. No attempt is counted. Returns whether all could be requeued. */
export async function releaseTasks({ storage, heartbeat, jobEnds, id, turns }: TaskProcessor): Promise<boolean> {
  const store = storage.tasks;
  let all = true;
  // What has not begun begins elsewhere.
  turns.clear();
  const releaseTask = async (taskId: string) => {
    try {
      const task = await store.get(taskId);
      const running = task?.state === 'Running' && task.instance === id;
      if (!task || !(running || task.state === 'Queued')) return;
      if (running) await store.apply(task, 'release', { attempts: task.attempts - 1 });
      await enqueueTask(storage, task);
      log.info(taskLogEntry('task-released', task));
    } catch (error) {
      // The others will notice that the instance is silent.
      log.warn(line('task-release-failed', { task: taskId, instance: id, error: (error as Error).message }));
      all = false;
    }
  };
  // There are seconds, and three requests for each.
  await Promise.all([jobEnds.stop(), ...heartbeat.tasks.map(releaseTask)]);
  return all;
}

/** Downloads, processes and uploads; gives what the row is to say of it. */
async function work(processor: TaskProcessor, task: StoredTask, signal: AbortSignal) {
  const { storage, engine, maxPixels, maxBytes } = processor;
  const started = performance.now();
  const download = (input: InputImage | null) => (input ? getImage(storage, input, maxBytes) : undefined);
  const [image, reference] = await Promise.all([download(task.input) as Promise<Buffer>, download(task.reference)]);
  const downloaded = performance.now();
  const input = { ...task.input, bytes: image.length };
  const pixels =
    pixelsOf(input, image, maxPixels) + (reference ? pixelsOf(task.reference as InputImage, reference, maxPixels) : 0);
  const asked = { image, reference, ...workOf(task), maxPixels, renditions: true };
  const result = await engine.run(asked, pixels, signal);
  const processed = performance.now();
  const blob = resultBlob(task.id);
  const [measurements] = await Promise.all([
    storeMeasurements(storage.results, task.id, result.measurements),
    storage.results.put(blob, result.bytes, result.contentType),
    putRenditions(storage, task.id, result.renditions),
  ]);
  const { decodeMs, processMs, encodeMs } = result.timings;
  const timings: Timings = {
    ...task.timings,
    downloadMs: downloaded - started,
    waitMs: Math.max(0, processed - downloaded - decodeMs - processMs - encodeMs),
    ...result.timings,
    uploadMs: performance.now() - processed,
  };
  return {
    result: resultImage(blob, result),
    measurements,
    timings: rounded(timings),
    input: seen(input, result),
  };
}

/** As its header says; one that does not say may have as many as are allowed. */
function pixelsOf({ width, height }: InputImage, bytes: Buffer, maxPixels: number): number {
  const size =
    width === null || height === null ? readImageHeader(bytes.subarray(0, headerBytes), maxPixels) : { width, height };
  return size.width === null || size.height === null ? maxPixels : size.width * size.height;
}

function resultImage(blob: string, { contentType, bytes, width, height, renditions }: ImageResult): Task['result'] {
  const made = [
    ...(renditions.result ? (['rendition'] as const) : []),
    ...(renditions.thumbnail ? (['thumbnail'] as const) : []),
  ];
  const size = { contentType, bytes: bytes.length, width, height };
  return { blob, ...size, ...(made.length > 0 && { renditions: made }) };
}

/** The input as the decoder saw it: upright, and of the type that it is. */
function seen({ rendition: _, ...input }: InputImage, { input: decoded, renditions }: ImageResult): InputImage {
  return { ...input, ...decoded, ...(renditions.input && { rendition: true }) };
}

function rounded(timings: Timings): Timings {
  return Object.fromEntries(Object.entries(timings).map(([name, ms]) => [name, Math.round(ms * 10) / 10]));
}

function jobIdOf(taskId: string): string {
  return parseTaskId(taskId)?.jobId as string;
}

/**
 * Notes the failed attempt on the row and passes the error on, so that the queue delivers the task again. Where it was
 * the storage that failed, the attempt does not count: an outage may last longer than all attempts, and is over one day.
 */
async function releaseAfterError(store: TaskStore, task: StoredTask, thrown: unknown): Promise<never> {
  const error = asError(thrown);
  log.error(taskLogEntry('task-attempt-failed', task, { error: error.stack ?? error.message }));
  const details = problem('processing-failed', `Attempt ${task.attempts} failed: ${firstLine(error)}`).details;
  const attempts = isStorageFault(error) ? task.attempts - 1 : task.attempts;
  await store.apply(task, 'release', { attempts, error: details, traceparent: forced(task.traceparent) });
  throw error;
}

/** WebAssembly modules throw numbers and strings, too. */
function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`Thrown: ${inspect(thrown)}`);
}

function firstLine({ name, message }: Error): string {
  return (message.split('\n')[0] || name).slice(0, 500);
}

/** Whether the live instance that the task names works on it. */
async function isWorkedOn(storage: Storage, { state, instance, id }: StoredTask, silentMs: number): Promise<boolean> {
  if (state !== 'Running' || instance === null) return false;
  return storage.instances.isWorkingOn(instance, id, new Date(Date.now() - silentMs));
}
