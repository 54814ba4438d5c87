import { z } from 'zod';
import { ownerOf } from '../../lib/http/caller.ts';
import { endpoint, json } from '../../lib/http/endpoint.ts';
import { imageName } from '../../lib/http/image-names.ts';
import { readJson } from '../../lib/http/json-body.ts';
import { imageTooLarge } from '../../lib/imaging/image-problems.ts';
import { uploadBlob, writeLink } from '../../lib/tasks/blobs.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';

const maxFiles = 1000;
const maxBodyBytes = 2 ** 20;

const file = z.strictObject({
  name: imageName,
  contentType: z
    .string()
    .regex(
      /^(image\/[\w.+-]+|application\/(dicom|octet-stream))$/,
      'must be image/*, application/dicom or application/octet-stream',
    ),
  bytes: z.int().min(1),
});
const body = z.strictObject({ files: z.array(file).min(1).max(maxFiles) });

/** POST /api/uploads: URLs to which images are sent directly, each good for one blob and a while. */
export const createUploads = endpoint(async (request) => {
  const owner = ownerOf(request, settings.authMode);
  const { files } = await readJson(request, body, maxBodyBytes);
  const limit = settings.maxImageBytes;
  const tooLarge = files.findIndex(({ bytes }) => bytes > limit);
  if (tooLarge >= 0) throw imageTooLarge(`files[${tooLarge}].bytes`, limit);
  const expiresAt = new Date(Date.now() + settings.linkLifetimeMs);
  const { inputs } = await storage();
  const uploads = await Promise.all(
    files.map(async ({ name, contentType, bytes }) => ({
      name,
      url: await writeLink(inputs, uploadBlob(owner, name), expiresAt),
      method: 'PUT',
      headers: { 'x-ms-blob-type': 'BlockBlob', 'Content-Type': contentType },
      bytes,
    })),
  );
  return json({ uploads, expiresAt }, { status: 201 });
});
