import type { HttpResponseInit } from '@azure/functions';
import type { ContainerClient } from '@azure/storage-blob';
import * as calls from '../../lib/http/calls/tasks.ts';
import { inputFileName, resultFileName } from '../../lib/http/file-names.ts';
import { problem } from '../../lib/problems.ts';
import { contentDisposition, openStream, readLink } from '../../lib/tasks/blobs.ts';
import { endpoint } from '../endpoint.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';
import { findTask } from './find-task.ts';
import { typeOf } from './image-urls.ts';

export const getResult = endpoint(calls.getResult, async (asked) => {
  const task = await findTask(asked);
  if (!task.result) throw problem('result-not-ready', `The task is ${task.state}.`, { state: task.state });
  return give(asked.query, (await storage()).results, task.result, resultFileName(task));
});

export const getInput = endpoint(calls.getInput, async (asked) => {
  const task = await findTask(asked);
  const image = asked.query.role === 'reference' ? task.reference : task.input;
  if (!image) throw problem('missing-reference', 'The task has no reference image.', { field: 'role' });
  return give(asked.query, (await storage()).inputs, image, inputFileName(image));
});

interface StoredImage {
  blob: string;
  contentType: string | null;
  bytes: number | null;
}

async function give(
  { download }: { download: 0 | 1 },
  container: ContainerClient,
  image: StoredImage,
  fileName: string,
): Promise<HttpResponseInit> {
  const { blob, bytes } = image;
  const contentType = typeOf(image);
  if (download === 0) {
    const lifetimeMs = settings.linkLifetimeMs;
    const url = await readLink(container, blob, { lifetimeMs, contentType, fileName });
    return { status: 302, headers: { Location: url, 'Cache-Control': 'no-store' } };
  }
  return {
    headers: {
      'Content-Type': contentType,
      ...(bytes !== null && { 'Content-Length': String(bytes) }),
      'Content-Disposition': contentDisposition('attachment', fileName),
      'Cache-Control': 'private, max-age=3600',
    },
    body: await openStream(container, blob),
  };
}
