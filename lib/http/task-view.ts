import { parseTaskId } from '../model/ids.ts';
import { isFinal } from '../model/states.ts';
import type { Task } from '../model/task.ts';
import type { Measurements } from '../operations/operation.ts';

/** Links to a task's images that need no key, and work until `expiresAt`. */
export interface TaskUrls {
  expiresAt: Date;
  /** Null where the image was replaced or deleted since. */
  input: string | null;
  reference: string | null;
  result: string | null;
}

/** A task as the API shows it; `measurements` are null where a list leaves them out. Links are relative to the API's origin. */
export function taskView(task: Task, measurements: Measurements[] | null, urls?: TaskUrls) {
  const self = taskPath(task.id);
  const resultPath = `${self}/result`;
  return {
    id: task.id,
    requestId: task.requestId,
    jobId: parseTaskId(task.id)?.jobId,
    state: task.state,
    steps: task.steps,
    output: task.output,
    page: task.page,
    attempts: task.attempts,
    createdAt: task.createdAt,
    startedAt: task.startedAt,
    finishedAt: task.finishedAt,
    instance: task.instance,
    input: imageView(task.input),
    reference: task.reference && imageView(task.reference),
    result: task.result && { ...imageView(task.result), href: resultPath },
    measurements,
    timings: task.timings,
    error: task.error,
    cached: task.cached,
    callback: task.callback,
    ...(urls && { urls }),
    links: { self, input: `${self}/input`, ...(task.result && { result: resultPath }) },
  };
}

/** Without the blob's name and version, which are nobody's business. */
function imageView<T extends { blob: string; etag?: string | undefined }>({ blob: _, etag: __, ...image }: T) {
  return image;
}

export function taskPath(taskId: string): string {
  return `/api/tasks/${taskId}`;
}

/** Seconds until it is worth asking again; nothing for a finished task. */
export function retryAfter({ state }: Task): Record<string, string> {
  return isFinal(state) ? {} : { 'Retry-After': '1' };
}
