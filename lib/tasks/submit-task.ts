import type { Work } from '../imaging/work.ts';
import { taskIdOf } from '../model/ids.ts';
import type { Job } from '../model/job.ts';
import { nextState } from '../model/states.ts';
import type { Callback, InputImage, StoredTask, Task } from '../model/task.ts';
import { measurementsBlob, resultBlob } from '../storage/blob-names.ts';
import { enqueueTask } from '../storage/queues.ts';
import { copyRenditions } from '../storage/renditions.ts';
import type { Storage } from '../storage/storage.ts';
import { deleteTasks } from './delete-tasks.ts';
import { enqueuePendingCallback } from './finish-task.ts';

/** Longer than it takes to record a task, in milliseconds. */
const callbackDueMs = 60_000;

export interface Submission extends Work {
  jobId: string;
  owner: string;
  requestId: string;
  /** W3C trace context of the request. */
  traceparent?: string;
  createdAt: Date;
  input: InputImage;
  reference: InputImage | null;
  callbackUrl: string | null;
  /** Names the work, the same for the same: a finished task of that name stands for this one. Null where none may. */
  cacheKey: string | null;
  /** The earlier task whose images these are. */
  from?: string | null;
}

/**
 * Records a job of one task whose images are stored already: first the rows, then the message, so that no message is
 * without its row. Where an earlier task did the same work, its result is taken over and the task is done at once.
 */
export async function submitTask(storage: Storage, submission: Submission): Promise<StoredTask> {
  const { job, task } = compose(submission);
  const { cacheKey } = submission;
  const work = cacheKey === null ? null : { key: cacheKey, taskId: task.id };
  const recent = storage.ownerIndex;
  const earlierId = await recent.add(job, work);
  if (work && earlierId !== null) {
    const earlier = await storage.tasks.get(earlierId);
    if (earlier?.id === task.id) return begun(storage, job, earlier);
    const taken = earlier && (await takeOver(storage, earlier, task));
    if (taken) {
      await recent.add(job, null);
      return createAtItsEnd(storage, job, taken);
    }
    await recent.replace(job, work);
  }
  return begun(storage, job, await storage.tasks.createWithJob(job, task));
}

/** What is made at its end has no message that would find it again: until its callback has one, a row that comes due stands in. */
async function createAtItsEnd(storage: Storage, job: Job, task: Task): Promise<StoredTask> {
  const dueAt = new Date(Date.now() + callbackDueMs);
  const due = task.callback && (await storage.due.add('callback', { id: task.id, attempt: 1 }, dueAt));
  const stored = await begun(storage, job, await storage.tasks.createWithJob(job, task));
  if (due) await storage.due.remove(due);
  return stored;
}

/** Enqueues the task, or the callback of one that is done; once more if need be: an earlier try at the same request may have ended before it did. */
async function begun(storage: Storage, job: Job, task: StoredTask): Promise<StoredTask> {
  await enqueuePendingCallback(storage, task);
  if (task.state === 'Queued') await orWithdraw(storage, job, () => enqueueTask(storage, task));
  return task;
}

/** Does the last step of handing in a job. Where it fails, the caller is told so, and the job should not be there. */
export async function orWithdraw(storage: Storage, job: Job, lastStep: () => Promise<void>): Promise<void> {
  try {
    await lastStep();
  } catch (error) {
    try {
      await deleteTasks(storage, job, Number.MAX_SAFE_INTEGER);
      await storage.ownerIndex.remove(job);
    } catch {
      // Whatever keeps the message from being sent may keep this from being done: then the clean-up will.
    }
    throw error;
  }
}

function compose({ jobId, input, callbackUrl, cacheKey, from = null, ...wanted }: Submission) {
  const callback = callbackUrl === null ? null : newCallback(callbackUrl);
  const shared = { ...wanted, traceparent: wanted.traceparent ?? null, finishedAt: null, error: null };
  const job: Job = {
    ...shared,
    id: jobId,
    name: input.name,
    total: 1,
    expansion: null,
    sweep: null,
    canceledAt: null,
    callback: null,
  };
  const task: Task = { ...shared, ...newTask(taskIdOf(jobId, 0)), inJob: false, input, callback, cacheKey, from };
  return { job, task };
}

/** What every task begins with. */
export function newTask(id: string) {
  return {
    id,
    state: 'Queued' as const,
    attempts: 0,
    losses: 0,
    startedAt: null,
    finishedAt: null,
    instance: null,
    result: null,
    measurements: null,
    timings: {},
    error: null,
    cached: false,
    from: null,
    cacheKey: null,
    callback: null,
  };
}

/** What a task forgets when it is retried. */
export const resetForRetry: Partial<Task> = {
  attempts: 0,
  losses: 0,
  startedAt: null,
  finishedAt: null,
  instance: null,
  timings: {},
  error: null,
};

export function newCallback(url: string): Callback {
  return { url, attempts: 0, deliveredAt: null, error: null };
}

/** The task as done, with the earlier one's result; null where that has none any more. */
async function takeOver({ results }: Storage, earlier: StoredTask, task: Task): Promise<Task | null> {
  const state = nextState(task.state, 'reuse');
  if (!state || earlier.state !== 'Succeeded' || !earlier.result) return null;
  const blob = resultBlob(task.id);
  const overflow = earlier.measurements !== null && !Array.isArray(earlier.measurements);
  const copy = (from: string, to: string) => results.copy({ blob: from }, to);
  const copies = [copy(earlier.result.blob, blob), copyRenditions({ results }, earlier, task.id)];
  if (overflow) copies.push(copy(measurementsBlob(earlier.id), measurementsBlob(task.id)));
  if (!(await Promise.all(copies)).every((copied) => copied)) return null;
  return {
    ...task,
    state,
    cached: true,
    cacheKey: null,
    finishedAt: new Date(),
    result: { ...earlier.result, blob },
    measurements: overflow ? { blob: measurementsBlob(task.id) } : earlier.measurements,
    input: {
      ...task.input,
      width: earlier.input.width,
      height: earlier.input.height,
      ...(earlier.input.rendition && { rendition: true }),
    },
  };
}
