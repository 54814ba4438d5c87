/** Working once more on images that the service has: those of a task, or of a job. */
import { effect } from '@preact/signals';
import type { Task } from '../../clients/typescript/src/index.ts';
import { api, dataOf, getFile } from '../api/client.ts';
import { leaveEarlier, tuneHref } from '../router.ts';
import { tell } from '../ui/messages.tsx';
import {
  type Earlier,
  earlier,
  earlierImage,
  images,
  isShownHere,
  type Picked,
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
      if (found.second) reference.value = found.second;
      if (steps.value.length === 0) takeSteps(found.work);
    }
    forget = effect(() => {
      if (earlier.value?.id !== id) leaveEarlier();
    });
  });
  return () => {
    outdated = true;
    forget();
  };
}

async function findEarlier(id: string): Promise<{ image: Picked; second: Picked | null; work: Work }> {
  const path = { path: { id } };
  if (id.includes('-')) {
    const task = await dataOf(api.GET('/api/tasks/{id}', { params: path }));
    return pick(task, { kind: 'task', id, images: 1, name: null, page: task.page });
  }
  const job = await dataOf(api.GET('/api/jobs/{id}', { params: path }));
  const first = await dataOf(api.GET('/api/tasks/{id}', { params: { path: { id: `${id}-0` } } }));
  return pick(first, { kind: 'job', id, images: job.total ?? 1, name: job.name, page: job.page });
}

async function pick(task: Task, from: Earlier) {
  const imageIn = async (input: Task['input'], role: 'image' | 'reference') => {
    const { contentType, width, height } = input;
    const name = input.name ?? 'image';
    const type = contentType ?? '';
    // What this browser does not show is not fetched.
    const bytes = isShownHere(type) ? [await getFile(`/api/tasks/${task.id}/input?download=1&role=${role}`)] : [];
    return earlierImage(new File(bytes, name, { type }), { contentType: type, width, height }, from);
  };
  return {
    image: await imageIn(task.input, 'image'),
    second: task.reference && (await imageIn(task.reference, 'reference')),
    work: task,
  };
}
