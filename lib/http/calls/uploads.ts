/** Images sent to the storage directly, under names of the caller's choosing, for tasks and jobs to name. */

import { z } from 'zod';
import { maxDeletedUploads, maxUploadFiles, maxUploadRequestBytes } from '../../limits.ts';
import { folderPrefix, imageName, imagePrefix } from '../image-names.ts';
import { defineEndpoint, jsonAnswer } from './call.ts';
import { paging } from './queries.ts';
import { pageSchema } from './schemas.ts';

const contentType = /^(image\/[\w.+-]+|application\/(dicom|octet-stream))$/;

const fileSchema = z.strictObject({
  name: imageName,
  contentType: z.string().regex(contentType, 'must be image/*, application/dicom or application/octet-stream'),
  bytes: z.int().min(1).describe('size of the file; the link does not accept more'),
});

const uploadSchema = z
  .object({
    name: z.string(),
    url: z.string().describe('a link that allows writing this image until `expiresAt`; it needs no key'),
    method: z.literal('PUT'),
    headers: z
      .record(z.string(), z.string())
      .describe(
        'send these with the bytes: an image sent without them, or with more bytes than declared, is not processed',
      ),
    bytes: z.int(),
  })
  .meta({ id: 'Upload' });

export const createUploads = defineEndpoint({
  id: 'createUploads',
  tag: 'uploads',
  method: 'POST',
  route: 'uploads',
  summary: 'Create links for uploading images directly to the storage',
  description: 'Repeating the request creates new links for the same images. Idempotency-Key is not supported.',
  answerNotKept: true,
  json: {
    schema: z.strictObject({ files: z.array(fileSchema).min(1).max(maxUploadFiles) }),
    maxBytes: maxUploadRequestBytes,
    maxValues: 4 * maxUploadFiles + 100,
  },
  answers: {
    201: jsonAnswer(
      'A link for each file.',
      z.object({ uploads: z.array(uploadSchema), expiresAt: z.iso.datetime() }).meta({ id: 'Uploads' }),
    ),
  },
  problems: [
    'malformed-request',
    'request-timeout',
    'body-too-large',
    'unsupported-media-type',
    'invalid-parameter',
    'image-too-large',
  ],
});

const uploadedSchema = z
  .object({ name: z.string(), contentType: z.string().nullable(), bytes: z.int(), uploadedAt: z.iso.datetime() })
  .meta({ id: 'UploadedImage' });

export const listUploads = defineEndpoint({
  id: 'listUploads',
  tag: 'uploads',
  method: 'GET',
  route: 'uploads',
  summary: 'List your uploaded images by name',
  query: z.strictObject({ prefix: imagePrefix.default(''), ...paging }),
  answers: { 200: jsonAnswer('A page of images.', pageSchema('images', uploadedSchema)) },
  problems: ['invalid-parameter'],
});

export const deleteUploads = defineEndpoint({
  id: 'deleteUploads',
  tag: 'uploads',
  method: 'DELETE',
  route: 'uploads',
  summary: `Delete uploaded images, up to ${maxDeletedUploads.toLocaleString('en-US')} at a time`,
  description: 'Specify either the `name` of one image or a `prefix`.',
  query: z.strictObject({ name: imageName.optional(), prefix: folderPrefix.optional() }),
  answers: {
    200: jsonAnswer(
      'Deleted.',
      z.object({ deleted: z.int(), more: z.boolean().describe('whether more images match: repeat the request') }),
    ),
  },
  problems: ['invalid-parameter'],
});
