/** Images that tasks read. */
import { imageTooLarge, type Problem, problem } from '../problems.ts';
import type { Blobs, BlobVersion } from './blob-container.ts';
import { isUpload } from './blob-names.ts';
import { checkDeclaredLength } from './declared-length.ts';

/** Throws `input-not-found` and `input-changed`; before anything is read `image-too-large` and, of an upload, `upload-not-declared`. */
export async function getImage(
  { inputs, uploadSecret }: { inputs: Blobs; uploadSecret: Buffer },
  version: BlobVersion,
  maxBytes: number,
): Promise<Buffer> {
  const { content: stream, bytes: length, metadata } = await inputs.open(version, inputNotFound);
  try {
    if (length > maxBytes) throw imageTooLarge('image', maxBytes);
    if (isUpload(version.blob)) checkDeclaredLength(uploadSecret, version.blob, { bytes: length, metadata });
  } catch (problem) {
    stream.destroy();
    throw problem;
  }
  const bytes = Buffer.allocUnsafe(length);
  let end = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) end += chunk.copy(bytes, end);
  if (end !== length) throw new Error(`Blob ${version.blob} ended after ${end} of ${length} bytes.`);
  return bytes;
}

export function inputNotFound(field?: string): Problem {
  const where = field === undefined ? {} : { field };
  return problem('input-not-found', 'The image does not exist, or no longer exists.', where);
}
