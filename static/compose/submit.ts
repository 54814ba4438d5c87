/** Sending what was put together: images to the storage, then one request. */
import { type Signal, signal } from '@preact/signals';
import { api, dataOf, isPassing } from '../api/client.ts';
import { persistently } from '../api/patience.ts';
import { type Outgoing, uploadAll } from '../api/upload.ts';
import { keepSent } from '../job/sent-files.ts';
import { noteVersion } from '../job/versions.ts';
import { accepted, type Earlier, earlier, page, images as picked, reference, removeImages } from './images.ts';
import { needsReference, output, wantedSteps } from './state.ts';
import { forgetChanges } from './undo.ts';

export interface Sending {
  images: readonly { id: number; bytes: number }[];
  /** Bytes that have arrived of each image. */
  progress: Signal<readonly number[]>;
  total: number;
  stop: AbortController;
}

/** Null while nothing is being sent. */
export const sending = signal<Sending | null>(null);
export const jobName = signal('');

/** What is asked for, as it was when asked. */
interface Wanted {
  work: { steps: object[]; output: object; page?: number };
  name: string;
}

/**
 * Sends what there is now: what is changed or added meanwhile is for the next time. Gives the id of the job. Throws where the
 * service refuses, or when stopped.
 */
export async function submit(): Promise<string> {
  const work = { steps: wantedSteps.value, output: output.value, ...(page.value > 1 && { page: page.value }) };
  const wanted: Wanted = { work, name: jobName.value.trim() };
  const from = earlier.value;
  const images = from ? [] : accepted.value;
  const gone = picked.value.map(({ id }) => id);
  // The second image of an earlier task is taken again as well.
  const compared = needsReference.value && !reference.value?.earlier ? reference.value : null;
  const folder = `page/${crypto.randomUUID()}`;
  const files = images.map(({ file, path }, index) => ({ file, name: `${folder}/${index}/${nameOf(path)}` }));
  const second = compared && { file: compared.file, name: `${folder}/reference/${nameOf(compared.path)}` };
  const stop = new AbortController();
  const progress = signal<readonly number[]>(images.map(() => 0));
  const sent = images.map(({ id, file }) => ({ id, bytes: file.size }));
  sending.value = { images: sent, progress, total: sum(sent.map(({ bytes }) => bytes)), stop };
  try {
    await send(second ? [...files, second] : files, progress, images.length, stop.signal);
    const id = await handIn(from ?? files.map(({ name }) => name), second?.name, wanted, stop.signal);
    await keepSent(id, page.value === 1 ? images : []);
    removeImages(gone);
    forgetChanges();
    jobName.value = '';
    return id;
  } finally {
    sending.value = null;
  }
}

/** Reports arrive many times a second for each file; the page is drawn once a frame. */
async function send(
  files: readonly Outgoing[],
  progress: Signal<readonly number[]>,
  images: number,
  signal: AbortSignal,
): Promise<void> {
  const arrived = new Array<number>(images).fill(0);
  let scheduled = false;
  const onProgress = (index: number, bytes: number) => {
    if (index < arrived.length) arrived[index] = bytes;
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      progress.value = [...arrived];
    });
  };
  await uploadAll(files, onProgress, signal);
}

/** One image is a task by itself, which may find its result done; several are a job. The same request can be repeated. */
function handIn(
  images: string[] | Earlier,
  compared: string | undefined,
  { work: asked, name }: Wanted,
  signal: AbortSignal,
): Promise<string> {
  const work = { ...asked, ...(compared && { reference: compared }) };
  const params = { header: { 'Idempotency-Key': crypto.randomUUID() } };
  const call = async () => {
    if (!Array.isArray(images)) return handInAgain(images, work, params, signal);
    if (images.length === 1) {
      const body = { ...work, image: images[0] } as never;
      return (await dataOf(api.POST('/api/tasks', { params, body, signal }))).jobId;
    }
    const body = { ...work, images, ...(name && { name }) } as never;
    return (await dataOf(api.POST('/api/jobs', { params, body, signal }))).id;
  };
  return persistently(call, isPassing, signal);
}

async function handInAgain(
  { kind, id, name }: Earlier,
  work: object,
  params: { header: { 'Idempotency-Key': string } },
  signal: AbortSignal,
): Promise<string> {
  const body = { ...work, from: id, ...(kind === 'job' && name && { name }) } as never;
  if (kind === 'job') return (await dataOf(api.POST('/api/jobs', { params, body, signal }))).id;
  const task = await dataOf(api.POST('/api/tasks', { params, body, signal }));
  noteVersion(id, task.id);
  return task.jobId;
}

/** The file's own name, as the service takes it. */
function nameOf(path: string): string {
  const name = path
    .split('/')
    .at(-1)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
    ?.replace(/[\u0000-\u001f\u007f-\u009f\\\ufffe\uffff]/g, '_')
    .replace(/\.+$/, '')
    .slice(-200);
  return name?.toWellFormed() || 'image';
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
