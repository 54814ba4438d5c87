import { createHash } from 'node:crypto';
import { readImageHeader } from '../imaging/image-header.ts';
import type { InputImage } from '../model/task.ts';
import { imageTooLarge, problem } from '../problems.ts';
import { uploadBlob } from '../storage/blob-names.ts';
import { checkDeclaredLength } from '../storage/declared-length.ts';
import { inputNotFound } from '../storage/images.ts';
import type { Storage } from '../storage/storage.ts';
import type { ImageLimits, Images } from './upload.ts';

/** Formats have their type in the first bytes and mostly their size not far behind; the rest shows when it is decoded. */
const headBytes = 256 * 2 ** 10;

export interface UploadedImages {
  images: Images;
  /** What the image and the reference are, in a word: the same for the same bytes where they are few, else for the same version. */
  hashes: string[];
}

/** Looks at images that their owner has uploaded before: by what they are, not by how they are named. Throws as uploads do. */
export async function inspectUploads(
  storage: Pick<Storage, 'inputs' | 'uploadSecret'>,
  owner: string,
  names: { image?: string | undefined; reference?: string | undefined },
  limits: ImageLimits,
): Promise<UploadedImages> {
  const given = Object.entries(names).flatMap(([field, name]) => (name === undefined ? [] : [{ field, name }]));
  const seen = await Promise.all(
    given.map(async ({ field, name }) => ({ field, ...(await lookAt(storage, owner, field, name, limits)) })),
  );
  return {
    images: Object.fromEntries(seen.map(({ field, image }) => [field, image])),
    hashes: seen.map(({ hash }) => hash),
  };
}

async function lookAt(
  { inputs, uploadSecret }: Pick<Storage, 'inputs' | 'uploadSecret'>,
  owner: string,
  field: string,
  name: string,
  { maxBytes, maxPixels }: ImageLimits,
): Promise<{ image: InputImage; hash: string }> {
  const blob = uploadBlob(owner, name);
  const { head, etag, bytes, metadata } = await inputs.head(blob, headBytes, () => inputNotFound(field));
  if (bytes === 0) throw problem('empty-image', `The image ${JSON.stringify(name)} has no bytes.`, { field });
  if (bytes > maxBytes) throw imageTooLarge(field, maxBytes);
  const image = { blob, etag, name: name.split('/').at(-1) as string, bytes, ...readImageHeader(head, maxPixels) };
  checkDeclaredLength(uploadSecret, blob, { bytes, metadata }, field);
  // The MD5 that the storage has is what the sender claims.
  const hash = createHash('sha256')
    .update(head.length === bytes ? head : `${blob}\n${etag}`)
    .digest('hex');
  return { image, hash };
}
