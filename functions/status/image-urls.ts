import { inputFileName, resultFileName } from '../../lib/http/file-names.ts';
import type { TaskUrls } from '../../lib/http/task-view.ts';
import { readLink } from '../../lib/tasks/blobs.ts';
import type { Storage } from '../../lib/tasks/storage.ts';
import type { InputImage, Task } from '../../lib/tasks/task.ts';
import { settings } from '../settings.ts';

/** Links to a task's images for a page to show, which has no way to send a key with a picture. */
export async function imageUrls({ inputs, results }: Storage, task: Task): Promise<TaskUrls> {
  const { linkLifetimeMs: lifetimeMs } = settings;
  const linkTo = (image: InputImage) =>
    readLink(inputs, image.blob, { lifetimeMs, contentType: typeOf(image), fileName: inputFileName(image) });
  const { input, reference, result } = task;
  return {
    expiresAt: new Date(Date.now() + lifetimeMs),
    input: await linkTo(input),
    reference: reference && (await linkTo(reference)),
    result:
      result &&
      (await readLink(results, result.blob, {
        ...{ lifetimeMs, contentType: result.contentType, fileName: resultFileName(task) },
      })),
  };
}

export function typeOf({ contentType }: Pick<InputImage, 'contentType'>): string {
  return contentType ?? 'application/octet-stream';
}
