import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { BlobSASPermissions, type ContainerClient } from '@azure/storage-blob';

/** Larger uploads go in blocks of this size, so many at a time. */
const blockBytes = 8 * 2 ** 20;
const parallelBlocks = 2;

/** Where a task's images lie: names follow from the task's id, so that an attempt repeated writes to the same place. */
export function inputBlob(jobId: string, index: number, role: 'image' | 'reference'): string {
  return `${jobId}/${index}/${role}`;
}

export function resultBlob(taskId: string): string {
  return `${taskId.replace('-', '/')}/result`;
}

export function measurementsBlob(taskId: string): string {
  return `${taskId.replace('-', '/')}/measurements.json`;
}

export async function putBytes(
  container: ContainerClient,
  name: string,
  bytes: Uint8Array,
  contentType: string,
): Promise<void> {
  await container
    .getBlockBlobClient(name)
    .upload(bytes, bytes.length, { blobHTTPHeaders: { blobContentType: contentType } });
}

export async function putStream(
  container: ContainerClient,
  name: string,
  stream: Readable,
  contentType: string,
): Promise<void> {
  const options = { blobHTTPHeaders: { blobContentType: contentType } };
  await container.getBlockBlobClient(name).uploadStream(stream, blockBytes, parallelBlocks, options);
}

export async function getBytes(container: ContainerClient, name: string, length: number): Promise<Buffer> {
  // One GET of the known length; `downloadToBuffer` would ask for the properties first.
  const response = await container.getBlockBlobClient(name).download();
  const bytes = Buffer.allocUnsafe(length);
  let end = 0;
  for await (const chunk of response.readableStreamBody as AsyncIterable<Buffer>) end += chunk.copy(bytes, end);
  if (end !== length) throw new Error(`Blob ${name} ended after ${end} of ${length} bytes.`);
  return bytes;
}

export async function openStream(container: ContainerClient, name: string): Promise<Readable> {
  return (await container.getBlockBlobClient(name).download()).readableStreamBody as Readable;
}

export async function getText(container: ContainerClient, name: string): Promise<string> {
  return text(await openStream(container, name));
}

export async function deleteBlob(container: ContainerClient, name: string): Promise<void> {
  await container.getBlockBlobClient(name).deleteIfExists();
}

export interface LinkOptions {
  lifetimeMs: number;
  contentType: string;
  /** The name under which a browser offers to save the file. */
  fileName: string;
}

/** A URL that lets whoever has it read this one blob for a while. */
export function readLink(container: ContainerClient, name: string, { lifetimeMs, contentType, fileName }: LinkOptions) {
  return container.getBlockBlobClient(name).generateSasUrl({
    permissions: BlobSASPermissions.from({ read: true }),
    expiresOn: new Date(Date.now() + lifetimeMs),
    contentType,
    contentDisposition: contentDisposition('inline', fileName),
  });
}

/** RFC 6266: a plain name for old clients, the exact one for all others. */
export function contentDisposition(kind: 'inline' | 'attachment', fileName: string): string {
  const plain = fileName.replace(/[^\w .()-]/g, '_');
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`;
}
