/** Images that are in the system already: those of an earlier task. */
import { isJobId, parseTaskId } from '../model/ids.ts';
import type { InputImage, StoredTask } from '../model/task.ts';
import { type Problem, problem } from '../problems.ts';
import { isUpload, taskInputBlob } from '../storage/blob-names.ts';
import { inputNotFound } from '../storage/images.ts';
import type { Storage } from '../storage/storage.ts';
import type { Images } from './upload.ts';
import type { UploadedImages } from './uploaded-images.ts';

/** The caller's task that a request names in the field `from`. Throws `input-not-found`, also for what cannot be an id. */
export async function findEarlier({ tasks }: Pick<Storage, 'tasks'>, owner: string, id: string): Promise<StoredTask> {
  const task = parseTaskId(id) && (await tasks.get(id));
  if (task?.owner === owner) return task;
  throw notFound(`No task has the id ${JSON.stringify(id.slice(0, 64))}.`);
}

/** Where the images of the caller's job `id` are listed, and the second image. Throws `input-not-found`. */
export async function findEarlierJob(
  { jobs }: Pick<Storage, 'jobs'>,
  owner: string,
  id: string,
): Promise<{ list: string; total: number; reference: InputImage | null }> {
  const job = isJobId(id) ? await jobs.glance(id) : null;
  if (job?.owner !== owner) throw notFound(`No job has the id ${JSON.stringify(id.slice(0, 64))}.`);
  const { expansion, total, reference } = job;
  if (!expansion?.list || total === null)
    throw notFound('The job has no list of images: name its task in "from" of a task.');
  return { list: expansion.list, total, reference };
}

/**
 * The images of `earlier`, for task 0 of the job `jobId`. Uploads are named, at the version that the earlier task had; what came
 * with that task goes when it is deleted, and is copied. Throws `input-not-found` and `input-changed`.
 */
export async function imagesOf(
  storage: Pick<Storage, 'inputs'>,
  earlier: StoredTask,
  jobId: string,
  withReference: boolean,
): Promise<UploadedImages> {
  const wanted = { image: earlier.input, ...(withReference && earlier.reference && { reference: earlier.reference }) };
  const given = Object.entries(wanted) as [keyof Images, InputImage][];
  const images = await Promise.all(
    given.map(async ([role, image]) => [role, await take(storage, image, jobId, role)] as const),
  );
  // Under its name and version an image stays as it is.
  const hashes = given.map(([, { blob, etag = '' }]) => `${blob}\n${etag}`);
  return { images: Object.fromEntries(images), hashes };
}

async function take(
  { inputs }: Pick<Storage, 'inputs'>,
  image: InputImage,
  jobId: string,
  role: keyof Images,
): Promise<InputImage> {
  // A rendition is made for each task.
  const { rendition: _, ...bare } = image;
  if (isUpload(image.blob)) {
    await inputs.check(image, () => inputNotFound('from'));
    return bare;
  }
  const blob = taskInputBlob(jobId, role);
  const copied = await inputs.copy(image, blob);
  if (!copied) throw inputNotFound('from');
  const { etag: __, ...rest } = bare;
  return { ...rest, blob };
}

function notFound(detail: string): Problem {
  return problem('input-not-found', detail, { field: 'from' });
}
