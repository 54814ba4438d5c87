import pLimit from 'p-limit';
import { inputFileName, resultFileName } from '../../lib/http/file-names.ts';
import type { TaskUrls } from '../../lib/http/task-view.ts';
import type { InputImage, Task } from '../../lib/model/task.ts';
import { Problem } from '../../lib/problems.ts';
import { checkBlob, inputNotFound } from '../../lib/storage/blobs.ts';
import { readLink } from '../../lib/storage/links.ts';
import type { Storage } from '../../lib/storage/storage.ts';
import { settings } from '../settings.ts';

/** So many images of a list are looked at at once. */
const looking = pLimit(16);

/** Links to a task's images for a page to show, which has no way to send a key with a picture. */
export async function imageUrls(storage: Storage, task: Task): Promise<TaskUrls> {
  const { inputs, results } = storage;
  const { linkLifetimeMs: lifetimeMs } = settings;
  const linkTo = async (image: InputImage) => {
    if (!(await looking(() => isCurrent(inputs, image)))) return null;
    return readLink(storage, inputs, image.blob, {
      lifetimeMs,
      contentType: typeOf(image),
      fileName: inputFileName(image),
    });
  };
  const { input, reference, result } = task;
  return {
    expiresAt: new Date(Date.now() + lifetimeMs),
    input: await linkTo(input),
    reference: reference && (await linkTo(reference)),
    result:
      result &&
      (await readLink(storage, results, result.blob, {
        lifetimeMs,
        contentType: result.contentType,
        fileName: resultFileName(task),
      })),
  };
}

export function typeOf({ contentType }: Pick<InputImage, 'contentType'>): string {
  return contentType ?? 'application/octet-stream';
}

/** Whether an image is still the one that the task is about: only those that were uploaded before can be replaced. */
async function isCurrent(inputs: Storage['inputs'], image: InputImage): Promise<boolean> {
  if (image.etag === undefined) return true;
  try {
    await checkBlob(inputs, image, inputNotFound);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
