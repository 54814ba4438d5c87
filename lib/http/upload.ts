import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { HttpRequest } from '@azure/functions';
import { readImageHeader } from '../imaging/image-header.ts';
import type { InputImage } from '../model/task.ts';
import { fieldProblem, imageTooLarge, problem } from '../problems.ts';
import { taskInputBlob } from '../storage/blob-names.ts';
import type { Storage } from '../storage/storage.ts';
import { type BodyLimits, bodyOf, bodyProblem } from './body.ts';
import type { Fields } from './fields.ts';
import { fileNameFrom } from './file-names.ts';
import { parseMultipart } from './multipart.ts';
import { headAndRest } from './stream-head.ts';

export interface ImageLimits {
  /** Of one image file. */
  maxBytes: number;
  maxPixels: number;
}

export type UploadLimits = ImageLimits & BodyLimits;

export type Images = Partial<Record<'image' | 'reference', InputImage>>;

export interface Upload {
  /** Of the query, then of the form. */
  fields: Fields;
  images: Images;
  /** SHA-256 of each image, in hexadecimal digits. */
  hashes: { image?: string | undefined; reference?: string | undefined };
}

/** Besides image/*. */
const rawTypes = new Set(['application/octet-stream', 'application/dicom']);
/** An image up to this size is stored in one request; of a larger one this much is held while it streams through. */
const headBytes = 4 * 2 ** 20;

/**
 * Stores the images of a request as blobs of task 0 of the job, while they arrive, and gives its text fields.
 * Takes multipart/form-data (`image`, `reference`) and raw image bytes. After an error nothing is left behind.
 */
export async function receiveUpload(
  request: HttpRequest,
  jobId: string,
  storage: Storage,
  limits: UploadLimits,
): Promise<Upload> {
  const upload: Upload & { fields: [string, string][] } = {
    fields: [...request.query],
    images: {},
    // In this order, whichever comes first.
    hashes: { image: undefined, reference: undefined },
  };
  const store = async (field: string, name: string | undefined, content: Readable) => {
    if (field !== 'image' && field !== 'reference')
      throw fieldProblem(field, 'is not a field for a file: there are "image" and "reference"');
    if (upload.images[field]) throw fieldProblem(field, 'is specified more than once');
    const blob = taskInputBlob(jobId, field);
    // Named before it is stored, so that a failure in the middle leaves nothing behind.
    upload.images[field] = {
      blob,
      name: fileNameFrom(name ?? ''),
      contentType: '',
      bytes: 0,
      width: null,
      height: null,
    };
    const { hash, ...seen } = await storeImage(field, blob, content, storage, limits);
    upload.hashes[field] = hash;
    Object.assign(upload.images[field], seen);
  };
  const body = bodyOf(request, limits);
  try {
    const type = mediaType(request);
    if (type === 'multipart/form-data') {
      await parseMultipart(request.headers, body, {
        file: store,
        field: (name, value) => upload.fields.push([name, value]),
      });
    } else if (type.startsWith('image/') || rawTypes.has(type)) {
      await store('image', request.query.get('name') ?? undefined, body);
    } else {
      const advice =
        'Send multipart/form-data, or the bytes of the image with a Content-Type of image/*, application/dicom or application/octet-stream.';
      throw problem('unsupported-media-type', advice);
    }
    return upload;
  } catch (error) {
    await discardUpload(upload.images, storage);
    throw body.errored ? bodyProblem(body.errored) : error;
  }
}

/** Deletes what `receiveUpload` stored. */
export async function discardUpload(images: Images, storage: Storage): Promise<void> {
  await Promise.all(Object.values(images).map(({ blob }) => storage.inputs.delete(blob)));
}

function mediaType(request: HttpRequest): string {
  const [type] = (request.headers.get('content-type') ?? 'application/octet-stream').split(';');
  return type.trim().toLowerCase();
}

async function storeImage(
  field: string,
  blob: string,
  content: Readable,
  { inputs }: Storage,
  { maxBytes, maxPixels }: UploadLimits,
) {
  const { head, rest } = await headAndRest(content, headBytes);
  if (head.length === 0) throw problem('empty-image', `The file in "${field}" has no bytes.`, { field });
  const header = readImageHeader(head, maxPixels);
  if (!rest) {
    checkBytes(field, head.length, maxBytes);
    await inputs.put(blob, head, header.contentType);
    return { ...header, bytes: head.length, hash: createHash('sha256').update(head).digest('hex') };
  }
  let bytes = 0;
  const hash = createHash('sha256');
  const counted = Readable.from(
    (async function* () {
      for await (const chunk of rest) {
        bytes += chunk.length;
        checkBytes(field, bytes, maxBytes);
        hash.update(chunk);
        yield chunk;
      }
    })(),
    { objectMode: false },
  );
  await inputs.putStream(blob, counted, header.contentType);
  return { ...header, bytes, hash: hash.digest('hex') };
}

function checkBytes(field: string, bytes: number, limit: number): void {
  if (bytes > limit) throw imageTooLarge(field, limit);
}
