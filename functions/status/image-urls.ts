import pLimit from 'p-limit';
import { inputFileName, resultFileName } from '../../lib/http/file-names.ts';
import type { TaskUrls } from '../../lib/http/task-view.ts';
import type { InputImage, Task } from '../../lib/model/task.ts';
import { Problem } from '../../lib/problems.ts';
import { type RenditionRole, renditionBlob } from '../../lib/storage/blob-names.ts';
import { inputNotFound } from '../../lib/storage/images.ts';
import { linkEnd } from '../../lib/storage/links.ts';
import { renditionsOf, renditionType } from '../../lib/storage/renditions.ts';
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
    return inputs.readLink(image.blob, {
      lifetimeMs,
      contentType: typeOf(image),
      fileName: inputFileName(image),
    });
  };
  const { input, reference, result } = task;
  const made = new Set(renditionsOf(task));
  const linkToRendition = async (role: RenditionRole) =>
    made.has(role)
      ? results.readLink(renditionBlob(task.id, role), {
          lifetimeMs,
          contentType: renditionType,
          fileName: `${role}.webp`,
        })
      : null;
  const [inputLink, referenceLink, resultLink, inputRendition, rendition, thumbnail] = await Promise.all([
    linkTo(input),
    reference && linkTo(reference),
    result &&
      results.readLink(result.blob, {
        lifetimeMs,
        contentType: result.contentType,
        fileName: resultFileName(task),
      }),
    linkToRendition('input-rendition'),
    linkToRendition('rendition'),
    linkToRendition('thumbnail'),
  ]);
  const shownResult = rendition ?? (isShown(result?.contentType) ? resultLink : null);
  return {
    expiresAt: linkEnd(lifetimeMs),
    input: inputLink,
    reference: referenceLink,
    result: resultLink,
    inputRendition: inputRendition ?? (isShown(input.contentType) ? inputLink : null),
    rendition: shownResult,
    thumbnail: thumbnail ?? shownResult,
  };
}

/** Whether browsers show it; the others have renditions. */
function isShown(contentType: string | null | undefined): boolean {
  return /^image\/(png|jpeg|webp|gif|avif)$/.test(contentType ?? '');
}

export function typeOf({ contentType }: Pick<InputImage, 'contentType'>): string {
  return contentType ?? 'application/octet-stream';
}

/** Whether an image is still the one that the task is about: only those that were uploaded before can be replaced. */
async function isCurrent(inputs: Storage['inputs'], image: InputImage): Promise<boolean> {
  if (image.etag === undefined) return true;
  try {
    await inputs.check(image, inputNotFound);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
