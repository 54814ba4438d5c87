/** Working once more on images that the service has: those of a task, or of a job. */
import { effect } from '@preact/signals';
import type { Task } from '../../clients/typescript/src/index.ts';
import { api, dataOf, getFile } from '../api/client.ts';
import { decodeDeep, isDecodedHere } from '../deep/decode.ts';
import { leaveAddress, tuneHref } from '../router.ts';
import { tell } from '../ui/messages.tsx';
import {
  type Earlier,
  earlier,
  earlierImage,
  images,
  isShownHere,
  type Picked,
  page,
  reference,
  removeAllImages,
} from './images.ts';
import { steps, takeSteps } from './state.ts';

type Work = Parameters<typeof takeSteps>[0];

/** Opens the editor with the steps of a task or a job, and with its images. */
export function tune(id: string, work: Work): void {
  takeSteps(work);
  removeAllImages();
  location.hash = tuneHref(id);
}

/** Takes the images of the task or job, until others are chosen or they are taken out; gives what stops it. */
export function takeEarlier(id: string): () => void {
  let outdated = false;
  let forget = () => {};
  void tell(async () => {
    if (earlier.value?.id !== id) {
      const found = await findEarlier(id);
      if (outdated) return;
      removeAllImages();
      images.value = [found.image];
      page.value = found.image.earlier?.page ?? 1;
      if (found.second) reference.value = found.second;
      if (steps.value.length === 0) takeSteps(found.work);
    }
    forget = effect(() => {
      if (earlier.value?.id !== id) leaveAddress();
    });
  });
  return () => {
    outdated = true;
    forget();
  };
}

async function findEarlier(id: string): Promise<{ image: Picked; second: Picked | null; work: Work }> {
  const path = { path: { id } };
  const query = { urls: 1 as const };
  if (id.includes('-')) {
    const task = await dataOf(api.GET('/api/tasks/{id}', { params: { ...path, query } }));
    return pick(task, { kind: 'task', id, images: 1, name: null, page: task.page });
  }
  const job = await dataOf(api.GET('/api/jobs/{id}', { params: path }));
  const first = await dataOf(api.GET('/api/tasks/{id}', { params: { path: { id: `${id}-0` }, query } }));
  return pick(first, { kind: 'job', id, images: job.total ?? 1, name: job.name, page: job.page });
}

async function pick(task: Task, from: Earlier) {
  const imageIn = async (input: Task['input'], role: 'image' | 'reference') => {
    const { width, height } = input;
    const name = input.name ?? 'image';
    const contentType = input.contentType ?? '';
    if (isShownHere(contentType)) {
      const bytes = await getFile(`/api/tasks/${task.id}/input?download=1&role=${role}`);
      const file = new File([bytes], name, { type: contentType });
      return earlierImage(file, { contentType, width, height }, from);
    }
    const own = await decodedHere(task, role, contentType, name);
    if (own) return earlierImage(own, { contentType, width, height }, from);
    // Of what neither the browser nor the page shows, the rendition.
    const shown = role === 'image' ? task.urls?.inputRendition : null;
    if (!shown) return earlierImage(new File([], name), { contentType, width, height }, from);
    const response = await fetch(shown);
    if (!response.ok) throw new Error(`The picture of ${name} cannot be read (${response.status}).`);
    const type = 'image/webp';
    const file = new File([await response.blob()], name, { type });
    return earlierImage(file, { contentType: type, width, height, isRendition: true }, from);
  };
  return {
    image: await imageIn(task.input, 'image'),
    second: task.reference && (await imageIn(task.reference, 'reference')),
    work: task,
  };
}

/** Larger files are not fetched for a preview. */
const maxDecodedBytes = 64e6;

/** The file itself, where this page can decode it; undefined where it cannot. */
async function decodedHere(task: Task, role: 'image' | 'reference', contentType: string, name: string) {
  const { bytes } = (role === 'image' ? task.input : task.reference) ?? {};
  if (!bytes || bytes > maxDecodedBytes) return undefined;
  if (!(await isDecodedHere({ contentType, file: new Blob() }))) return undefined;
  const content = await getFile(`/api/tasks/${task.id}/input?download=1&role=${role}`);
  const file = new File([content], name, { type: contentType });
  const page = role === 'image' ? task.page : 1;
  return decodeDeep({ file, page, maxSide: 1, middle: true }).then(
    () => file,
    () => undefined,
  );
}
