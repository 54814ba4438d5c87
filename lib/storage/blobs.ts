import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { type BlobClient, type BlobItem, type ContainerClient, RestError } from '@azure/storage-blob';
import { imageTooLarge, Problem, problem } from '../problems.ts';
import { isUpload, taskFolder } from './blob-names.ts';
import { checkDeclaredLength } from './declared-length.ts';

/** A container of blobs, to be handed to the functions below. */
export type BlobContainer = ContainerClient;

/** Larger uploads go in blocks of this size, so many at a time. */
const blockBytes = 8 * 2 ** 20;
const parallelBlocks = 2;

export async function putBytes(
  container: BlobContainer,
  name: string,
  bytes: Uint8Array,
  contentType: string,
): Promise<void> {
  await container
    .getBlockBlobClient(name)
    .upload(bytes, bytes.length, { blobHTTPHeaders: { blobContentType: contentType } });
}

export async function putStream(
  container: BlobContainer,
  name: string,
  stream: Readable,
  contentType: string,
): Promise<void> {
  const options = { blobHTTPHeaders: { blobContentType: contentType } };
  await container.getBlockBlobClient(name).uploadStream(stream, blockBytes, parallelBlocks, options);
}

/** A blob, also at one version of it. */
export interface BlobVersion {
  blob: string;
  etag?: string | undefined;
}

/** Throws `input-not-found` and `input-changed`; before anything is read `image-too-large` and, of an upload, `upload-not-declared`. */
export async function getImage(
  { inputs, uploadSecret }: { inputs: BlobContainer; uploadSecret: Buffer },
  version: BlobVersion,
  maxBytes: number,
): Promise<Buffer> {
  // One GET; `downloadToBuffer` would ask for the properties first.
  const { content: stream, bytes: length, metadata } = await openBlob(inputs, version, inputNotFound);
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

async function explain(error: unknown, client: BlobClient, missing: () => Problem): Promise<never> {
  if (isMissing(error)) throw missing();
  if (isOtherVersion(error)) {
    // A blob that is not there has no version that could match.
    if (!(await client.exists())) throw missing();
    throw problem('input-changed', 'Submit the task again to process the new image.');
  }
  // Its owner has archived it, or encrypted it with a key of their own, by the link that wrote it.
  if (error instanceof RestError && error.statusCode === 409) {
    const detail = `The image cannot be read: the storage says ${error.code}. Upload it again.`;
    throw new Problem({ ...missing().details, detail });
  }
  throw error;
}

export interface UploadedHead {
  head: Buffer;
  etag: string;
  /** Of the whole. */
  bytes: number;
  lastModified: Date;
  metadata: Record<string, string>;
}

/** Up to `length` bytes from the beginning of an image, and what the storage knows of it. Throws `input-not-found` of `field`. */
export async function getHead(
  container: BlobContainer,
  name: string,
  length: number,
  field: string,
): Promise<UploadedHead> {
  const client = container.getBlockBlobClient(name);
  const response = await client.download(0, length).catch((error) => {
    // There is no range in an empty blob.
    if (error instanceof RestError && error.statusCode === 416) return null;
    return explain(error, client, () => inputNotFound(field));
  });
  if (!response) return emptyHead(client);
  return {
    head: await buffer(response.readableStreamBody as Readable),
    etag: response.etag as string,
    lastModified: response.lastModified as Date,
    bytes: Number(response.contentRange?.split('/').at(-1) ?? response.contentLength),
    metadata: response.metadata ?? {},
  };
}

async function emptyHead(client: BlobClient): Promise<UploadedHead> {
  const { etag = '', lastModified = new Date() } = await client.getProperties();
  return { head: Buffer.alloc(0), etag, lastModified, bytes: 0, metadata: {} };
}

export function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}

function isOtherVersion(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 412;
}

/** Up to `length` bytes from `offset`; none past the end. */
export async function getRange(
  container: BlobContainer,
  name: string,
  offset: number,
  length: number,
): Promise<Buffer> {
  const response = await container.getBlockBlobClient(name).download(offset, length);
  return buffer(response.readableStreamBody as Readable);
}

export async function putText(
  container: BlobContainer,
  name: string,
  text: string,
  contentType = 'application/json',
): Promise<void> {
  await putBytes(container, name, Buffer.from(text), contentType);
}

/** Stores items as JSON Lines. */
export async function putLines(container: BlobContainer, name: string, items: readonly object[]): Promise<void> {
  const bytes = Buffer.from(items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  await putBytes(container, name, bytes, 'application/jsonl');
}

export interface ListedBlob {
  name: string;
  /** Of its present version. */
  etag: string;
  bytes: number;
  contentType: string | null;
  lastModified: Date;
}

/** The blobs whose names begin with `prefix`, by name. */
export async function* listBlobs(container: BlobContainer, prefix: string): AsyncGenerator<ListedBlob> {
  for await (const item of container.listBlobsFlat({ prefix })) yield listedBlob(item);
}

export interface BlobPage {
  blobs: ListedBlob[];
  /** Where the next page begins; null after the last. */
  next: string | null;
}

/** A page of `listBlobs`. Throws `invalid-parameter` for a marker that the storage did not give. */
export async function listBlobPage(
  container: BlobContainer,
  prefix: string,
  limit: number,
  marker?: string,
): Promise<BlobPage> {
  const settings = { maxPageSize: limit, ...(marker !== undefined && { continuationToken: marker }) };
  const { value } = await container
    .listBlobsFlat({ prefix })
    .byPage(settings)
    .next()
    .catch((error) => {
      if (!(error instanceof RestError && error.statusCode === 400)) throw error;
      throw problem('invalid-parameter', 'The list has no such page.', { field: 'continuation' });
    });
  return { blobs: value.segment.blobItems.map(listedBlob), next: value.continuationToken || null };
}

function listedBlob({ name, properties }: BlobItem): ListedBlob {
  const { etag, contentLength, contentType, lastModified } = properties;
  return { name, etag: quoted(etag), bytes: contentLength ?? 0, contentType: contentType ?? null, lastModified };
}

/** Listings give ETags without the quotes that headers have. */
function quoted(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`;
}

export interface OpenBlob {
  content: Readable;
  /** The length of this very content. */
  bytes: number;
  metadata: Record<string, string>;
}

/** Opens a blob at its version. Throws `input-changed`, and `missing` where it is not there. */
export async function openBlob(
  container: BlobContainer,
  { blob, etag }: BlobVersion,
  missing: () => Problem,
): Promise<OpenBlob> {
  const client = container.getBlobClient(blob);
  const response = await client
    .download(0, undefined, conditionsOf(etag))
    .catch((error) => explain(error, client, missing));
  return {
    content: response.readableStreamBody as Readable,
    bytes: response.contentLength as number,
    metadata: response.metadata ?? {},
  };
}

/** Checks that a blob is there, at its version. Throws as `openBlob` does. */
export async function checkBlob(
  container: BlobContainer,
  { blob, etag }: BlobVersion,
  missing: () => Problem,
): Promise<void> {
  const client = container.getBlobClient(blob);
  await client.getProperties(conditionsOf(etag)).catch((error) => explain(error, client, missing));
}

function conditionsOf(etag: string | undefined) {
  return etag === undefined ? {} : { conditions: { ifMatch: etag } };
}

export async function openStream(container: BlobContainer, name: string): Promise<Readable> {
  return (await container.getBlockBlobClient(name).download()).readableStreamBody as Readable;
}

export async function getText(container: BlobContainer, name: string): Promise<string> {
  return text(await openStream(container, name));
}

/** Deletes a blob with its snapshots, also where it is leased. False where there is none. */
export async function deleteBlob(container: BlobContainer, name: string): Promise<boolean> {
  const client = container.getBlockBlobClient(name);
  const remove = async () => (await client.deleteIfExists({ deleteSnapshots: 'include' })).succeeded;
  try {
    return await remove();
  } catch (error) {
    if (!isOtherVersion(error)) throw error;
  }
  await client.getBlobLeaseClient().breakLease(0);
  return remove();
}

/** Deletes what a task has made, and what an attempt that broke off has left. */
export async function deleteResult(storage: { results: BlobContainer }, taskId: string): Promise<void> {
  await deleteBlobs(storage.results, taskFolder(taskId));
}

/** Copies within the account, type and all; false where the source is not there, or not at that version. */
export async function copyBlob(from: BlobClient, to: BlobClient, etag?: string): Promise<boolean> {
  const options = etag === undefined ? {} : { sourceConditions: { ifMatch: etag } };
  try {
    const copy = await to.beginCopyFromURL(from.url, options);
    return (await copy.pollUntilDone()).copyStatus === 'success';
  } catch (error) {
    if (isMissing(error) || isOtherVersion(error)) return false;
    throw error;
  }
}

/** Deletes every blob whose name begins with `prefix`. */
export async function deleteBlobs(container: BlobContainer, prefix: string): Promise<void> {
  for await (const { name } of container.listBlobsFlat({ prefix })) await deleteBlob(container, name);
}
