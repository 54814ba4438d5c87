import { parseTaskId } from '../model/ids.ts';
import { isFinal } from '../model/states.ts';
import type { Task } from '../model/task.ts';
import type { Measurements } from '../vision/declaration/operation.ts';
import { shown, taskSchema } from './calls/schemas.ts';

/** Links to a task's images that need no key, and work until `expiresAt`. */
export interface TaskUrls {
  expiresAt: Date;
  /** Null where the image was replaced or deleted since. */
  input: string | null;
  reference: string | null;
  result: string | null;
  /** What every browser shows in place of the input and of the result; null where there is nothing. */
  inputRendition: string | null;
  rendition: string | null;
  thumbnail: string | null;
}

/** A task as the API shows it; `measurements` are null where a list leaves them out. Links are relative to the API's origin. */
export function taskView(task: Task, measurements: Measurements[] | null, urls?: TaskUrls) {
  const self = taskPath(task.id);
  const resultPath = `${self}/result`;
  return {
    ...shown(taskSchema, task),
    jobId: parseTaskId(task.id)?.jobId,
    input: imageView(task.input),
    reference: task.reference && imageView(task.reference),
    result: task.result && { ...imageView(task.result), href: resultPath },
    measurements,
    ...(urls && { urls }),
    links: { self, input: `${self}/input`, ...(task.result && { result: resultPath }) },
  };
}

/** Without the blob's name and version, which are nobody's business. */
function imageView<T extends { blob: string; etag?: string | undefined; rendition?: unknown; renditions?: unknown }>({
  blob: _,
  etag: __,
  rendition: ___,
  renditions: ____,
  ...image
}: T) {
  return image;
}

export function taskPath(taskId: string): string {
  return `/api/tasks/${taskId}`;
}

/** Seconds until it is worth asking again; nothing for a finished task. */
export function retryAfter({ state }: Task): Record<string, string> {
  return isFinal(state) ? {} : { 'Retry-After': '1' };
}
