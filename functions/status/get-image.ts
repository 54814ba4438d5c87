import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { ContainerClient } from '@azure/storage-blob';
import { endpoint } from '../../lib/http/endpoint.ts';
import { inputFileName, resultFileName } from '../../lib/http/task-view.ts';
import { problem } from '../../lib/problems.ts';
import { contentDisposition, openStream, readLink } from '../../lib/tasks/blobs.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';
import { findTask } from './find-task.ts';

/** GET /api/tasks/{id}/result: redirects to a link that works for a while, or gives the bytes with `?download=1`. */
export const getResult = endpoint(async (request) => {
  const task = await findTask(request);
  if (!task.result) throw problem('result-not-ready', `The task is ${task.state}.`, { state: task.state });
  return serve(request, (await storage()).results, task.result, resultFileName(task));
});

/** GET /api/tasks/{id}/input: the image as it was handed in; as `…/result`. With `?role=reference`, the second one. */
export const getInput = endpoint(async (request) => {
  const task = await findTask(request);
  const image = request.query.get('role') === 'reference' ? task.reference : task.input;
  if (!image) throw problem('missing-reference', 'The task has no reference image.', { field: 'role' });
  return serve(request, (await storage()).inputs, image, inputFileName(image));
});

interface StoredImage {
  blob: string;
  contentType: string | null;
  bytes: number | null;
}

async function serve(
  request: HttpRequest,
  container: ContainerClient,
  image: StoredImage,
  fileName: string,
): Promise<HttpResponseInit> {
  const { blob, bytes } = image;
  const contentType = image.contentType ?? 'application/octet-stream';
  if (request.query.get('download') !== '1') {
    const lifetimeMs = settings.linkLifetimeMs;
    const url = await readLink(container, blob, { lifetimeMs, contentType, fileName });
    return { status: 302, headers: { Location: url, 'Cache-Control': 'no-store' } };
  }
  return {
    headers: {
      'Content-Type': contentType,
      ...(bytes !== null && { 'Content-Length': String(bytes) }),
      'Content-Disposition': contentDisposition('attachment', fileName),
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, max-age=3600',
    },
    body: await openStream(container, blob),
  };
}
