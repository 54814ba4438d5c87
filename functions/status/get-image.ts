import type { HttpResponseInit } from '@azure/functions';
import * as calls from '../../lib/http/calls/tasks.ts';
import { inputFileName, resultFileName } from '../../lib/http/file-names.ts';
import { type Problem, problem } from '../../lib/problems.ts';
import type { Blobs, BlobVersion } from '../../lib/storage/blob-container.ts';
import { inputNotFound } from '../../lib/storage/images.ts';
import { contentDisposition } from '../../lib/storage/links.ts';
import { endpoint } from '../endpoint.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';
import { findTask } from './find-task.ts';
import { typeOf } from './image-urls.ts';

export const getResult = endpoint(calls.getResult, async (asked) => {
  const task = await findTask(asked);
  if (!task.result) throw problem('result-not-ready', `The task is ${task.state}.`, { state: task.state });
  const { results } = await storage();
  return give(asked.query, results, task.result, resultFileName(task), resultNotFound);
});

export const getInput = endpoint(calls.getInput, async (asked) => {
  const task = await findTask(asked);
  const image = asked.query.role === 'reference' ? task.reference : task.input;
  if (!image) throw problem('missing-reference', 'The task has no reference image.', { field: 'role' });
  return give(asked.query, (await storage()).inputs, image, inputFileName(image), inputNotFound);
});

interface StoredImage extends BlobVersion {
  contentType: string | null;
}

/** The image at the version that the task knows, or a link to it. */
async function give(
  { download }: { download: 0 | 1 },
  container: Blobs,
  image: StoredImage,
  fileName: string,
  missing: () => Problem,
): Promise<HttpResponseInit> {
  const contentType = typeOf(image);
  if (download === 0) {
    await container.check(image, missing);
    const lifetimeMs = settings.linkLifetimeMs;
    const url = await container.readLink(image.blob, { lifetimeMs, contentType, fileName });
    return { status: 302, headers: { Location: url, 'Cache-Control': 'no-store' } };
  }
  const { content, bytes } = await container.open(image, missing);
  return {
    headers: {
      'Content-Type': contentType,
      'Content-Length': String(bytes),
      'Content-Disposition': contentDisposition('attachment', fileName),
      'Cache-Control': 'private, max-age=3600',
    },
    body: content,
  };
}

function resultNotFound(): Problem {
  return problem('result-not-found', 'The result was deleted. Submit the image again to create a new one.');
}
