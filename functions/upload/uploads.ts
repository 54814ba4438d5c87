import * as calls from '../../lib/http/calls/uploads.ts';
import { positionFrom, tokenOf } from '../../lib/http/paging.ts';
import { json } from '../../lib/http/responses.ts';
import { maxDeletedUploads } from '../../lib/limits.ts';
import { fieldProblem, imageTooLarge } from '../../lib/problems.ts';
import { uploadBlob } from '../../lib/storage/blob-names.ts';
import { declaredLengthHeader } from '../../lib/storage/declared-length.ts';
import { forEachLimit } from '../../lib/storage/for-each-limit.ts';
import { endpoint } from '../endpoint.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';

const deletedInParallel = 16;

/** Each URL is good for one blob, and for a while. */
export const createUploads = endpoint(calls.createUploads, async ({ owner, body, spend }) => {
  const { files } = body as NonNullable<typeof body>;
  const limit = settings.maxImageBytes;
  const tooLarge = files.findIndex(({ bytes }) => bytes > limit);
  if (tooLarge >= 0) throw imageTooLarge(`files[${tooLarge}].bytes`, limit);
  await spend(
    files.reduce((sum, { bytes }) => sum + bytes, 0),
    'files',
  );
  const expiresAt = new Date(Date.now() + settings.linkLifetimeMs);
  const opened = await storage();
  const uploads = await Promise.all(
    files.map(async ({ name, contentType, bytes }) => ({
      name,
      url: await opened.inputs.writeLink(uploadBlob(owner, name), expiresAt),
      method: 'PUT',
      headers: {
        'x-ms-blob-type': 'BlockBlob',
        'Content-Type': contentType,
        ...declaredLengthHeader(opened.uploadSecret, uploadBlob(owner, name), bytes),
      },
      bytes,
    })),
  );
  return json({ uploads, expiresAt }, { status: 201 });
});

export const listUploads = endpoint(calls.listUploads, async ({ owner, query }) => {
  const root = uploadBlob(owner, '');
  const { prefix, limit, continuation } = query;
  const marker = positionFrom('uploads', continuation)?.marker;
  const { blobs, next } = await (await storage()).inputs.listPage(root + prefix, limit, marker);
  const images = blobs.map(({ name, contentType, bytes, lastModified }) => ({
    name: name.slice(root.length),
    contentType,
    bytes,
    uploadedAt: lastModified,
  }));
  return json({ images, next: next && tokenOf({ marker: next }) });
});

export const deleteUploads = endpoint(calls.deleteUploads, async ({ owner, query }) => {
  const { inputs } = await storage();
  const { name, prefix } = query;
  if (name !== undefined && prefix === undefined) {
    const deleted = await inputs.delete(uploadBlob(owner, name));
    return json({ deleted: deleted ? 1 : 0, more: false });
  }
  if (name !== undefined || prefix === undefined)
    throw fieldProblem('name', 'or "prefix" must be specified, but not both');
  const { blobs, next } = await inputs.listPage(uploadBlob(owner, prefix), maxDeletedUploads);
  await forEachLimit(blobs, deletedInParallel, async ({ name }) => void (await inputs.delete(name)));
  return json({ deleted: blobs.length, more: next !== null });
});
