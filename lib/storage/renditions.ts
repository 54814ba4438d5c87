/** What browsers show in place of images: blobs beside the task's result. */
import type { ImageResult } from '../imaging/engine-thread.ts';
import type { Task } from '../model/task.ts';
import type { Blobs } from './blob-container.ts';
import { type RenditionRole, renditionBlob } from './blob-names.ts';

export const renditionType = 'image/webp';

export async function putRenditions(
  { results }: { results: Blobs },
  taskId: string,
  { input, result, thumbnail }: ImageResult['renditions'],
): Promise<void> {
  const given = { 'input-rendition': input, rendition: result, thumbnail };
  await Promise.all(
    Object.entries(given).map(async ([role, made]) => {
      if (made) await results.put(renditionBlob(taskId, role as RenditionRole), made.bytes, renditionType);
    }),
  );
}

/** The roles of which the task has a blob. */
export function renditionsOf({ input, result }: Pick<Task, 'input' | 'result'>): RenditionRole[] {
  return [...(input.rendition ? (['input-rendition'] as const) : []), ...(result?.renditions ?? [])];
}

/** False where one is not there any more. */
export async function copyRenditions(
  { results }: { results: Blobs },
  from: Pick<Task, 'id' | 'input' | 'result'>,
  to: string,
): Promise<boolean> {
  const copies = renditionsOf(from).map((role) =>
    results.copy({ blob: renditionBlob(from.id, role) }, renditionBlob(to, role)),
  );
  return (await Promise.all(copies)).every((copied) => copied);
}
