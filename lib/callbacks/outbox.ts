/** What came of images that were dropped in container `intake`: files under the same names in container `outbox`. */
import type { Task } from '../model/task.ts';
import type { ProblemDetails } from '../problems.ts';
import type { Storage } from '../storage/storage.ts';

const scheme = 'outbox:';

/** Where the end of a task goes; no caller can name such an address, as callbacks of requests are HTTP. */
export function outboxUrl(name: string, etag: string): string {
  return `${scheme}${encodeURIComponent(name)}?etag=${encodeURIComponent(etag)}`;
}

export function isOutbox(url: string): boolean {
  return url.startsWith(scheme);
}

const extensions: Record<string, string> = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/webp': '.webp',
  'image/avif': '.avif',
  'image/tiff': '.tif',
};

/**
 * Writes `<name>.<format>`, the picture, and `<name>.json`, the task as the API shows it; of a failed task `<name>.problem.json`.
 * Does nothing where the image has been replaced since: the new one has a task of its own.
 */
export async function putInOutbox(
  storage: Pick<Storage, 'intake' | 'outbox' | 'results'>,
  url: string,
  { result, error }: Pick<Task, 'result' | 'error'>,
  view: object,
): Promise<void> {
  const [name, etag] = url.slice(scheme.length).split('?etag=').map(decodeURIComponent);
  if (!(await isCurrent(storage, name, etag))) return;
  if (error) return putProblem(storage, name, error);
  if (result) {
    const to = name + (extensions[result.contentType] ?? '');
    await storage.outbox.copy({ blob: result.blob }, to, storage.results);
  }
  await storage.outbox.putText(`${name}.json`, JSON.stringify(view, null, 2));
  await storage.outbox.delete(problemBlob(name));
}

/** Says why an image did not become a task, or its task failed. */
export async function putProblem(
  { outbox }: Pick<Storage, 'outbox'>,
  name: string,
  details: ProblemDetails,
): Promise<void> {
  await outbox.putText(problemBlob(name), JSON.stringify(details, null, 2), 'application/problem+json');
}

function problemBlob(name: string): string {
  return `${name}.problem.json`;
}

/** Also where it is gone: whoever hands in images may delete them at once. */
async function isCurrent({ intake }: Pick<Storage, 'intake'>, name: string, etag: string): Promise<boolean> {
  const now = await intake.properties(name);
  return now === null || now.etag === etag;
}
