/** Sends images straight to the storage: several at once, in blocks, going on where a lost connection left off. */
import { BlockBlobClient, RestError, StorageRetryPolicyType } from '@azure/storage-blob';
import { api, dataOf, isPassing } from './client.ts';
import { persistently, unlessStalled } from './patience.ts';

export interface Outgoing {
  /** Under which the service will know it. */
  name: string;
  file: Blob;
}

const filesAtOnce = 4;
const linksAtOnce = 50;
/** What a lost connection costs at most. */
const blockBytes = 2 * 2 ** 20;
/** A request that has not moved for so long is begun again. */
const stalledMs = 20_000;

/** Sends all; `onProgress` tells for each how many bytes have arrived. Throws where the service refuses, or when aborted. */
export async function uploadAll(
  files: readonly Outgoing[],
  onProgress: (index: number, bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const links = new Links(files, signal);
  const indices = files.keys();
  const senders = Array.from({ length: Math.min(filesAtOnce, files.length) }, async () => {
    for (const index of indices) {
      await new Transfer(files[index].file, () => links.of(index), signal).run((bytes) => onProgress(index, bytes));
    }
  });
  await Promise.all(senders);
}

/** Links are good for a while only: they are fetched shortly before they are needed, and again where one has run out. */
class Links {
  readonly #files: readonly Outgoing[];
  readonly #signal: AbortSignal;
  readonly #batches = new Map<number, Promise<Link[]>>();

  constructor(files: readonly Outgoing[], signal: AbortSignal) {
    this.#files = files;
    this.#signal = signal;
  }

  async of(index: number): Promise<Link> {
    const batch = Math.floor(index / linksAtOnce);
    const known = await this.#batches.get(batch);
    if (!known || known[0].expiresAt < Date.now()) this.#batches.set(batch, this.#fetch(batch));
    return ((await this.#batches.get(batch)) as Link[])[index % linksAtOnce];
  }

  async #fetch(batch: number): Promise<Link[]> {
    const files = this.#files
      .slice(batch * linksAtOnce, (batch + 1) * linksAtOnce)
      .map(({ name, file }) => ({ name, contentType: contentTypeOf(file), bytes: file.size }));
    const call = () => dataOf(api.POST('/api/uploads', { body: { files }, signal: this.#signal }));
    const { uploads, expiresAt } = await persistently(call, isPassing, this.#signal);
    // A little early, so that none runs out on its way.
    return uploads.map(({ url, headers }) => ({ url, headers, expiresAt: Date.parse(expiresAt) - 30_000 }));
  }
}

interface Link {
  url: string;
  headers: Record<string, string>;
  expiresAt: number;
}

type Metadata = Record<string, string>;

interface RequestOptions {
  abortSignal: AbortSignal;
  onProgress: (progress: { loadedBytes: number }) => void;
}

type StorageRequest = (blob: BlockBlobClient, options: RequestOptions, metadata: Metadata) => Promise<unknown>;

/** One file on its way. */
class Transfer {
  readonly #file: Blob;
  readonly #link: () => Promise<Link>;
  readonly #signal: AbortSignal;

  constructor(file: Blob, link: () => Promise<Link>, signal: AbortSignal) {
    this.#file = file;
    this.#link = link;
    this.#signal = signal;
  }

  async run(onProgress: (bytes: number) => void): Promise<void> {
    const { size } = this.#file;
    const contentType = contentTypeOf(this.#file);
    const blobHTTPHeaders = { blobContentType: contentType };
    if (size <= blockBytes) {
      await this.#try(
        (blob, options, metadata) => blob.upload(this.#file, size, { ...options, blobHTTPHeaders, metadata }),
        onProgress,
      );
    } else {
      const ids: string[] = [];
      for (let from = 0; from < size; from += blockBytes) {
        const block = this.#file.slice(from, from + blockBytes);
        const id = btoa(String(ids.length).padStart(6, '0'));
        const onBlock = (bytes: number) => onProgress(from + bytes);
        await this.#try((blob, options) => blob.stageBlock(id, block, block.size, options), onBlock);
        ids.push(id);
      }
      await this.#try((blob, { abortSignal }, metadata) =>
        blob.commitBlockList(ids, { abortSignal, blobHTTPHeaders, metadata }),
      );
    }
    onProgress(size);
  }

  /** What has arrived stays: only this request is repeated. */
  async #try(request: StorageRequest, onProgress?: (bytes: number) => void): Promise<void> {
    const attempt = async () => {
      const { url, headers } = await this.#link();
      const once = { maxTries: 1, retryPolicyType: StorageRetryPolicyType.FIXED };
      const blob = new BlockBlobClient(url, undefined, { retryOptions: once });
      const send = (abortSignal: AbortSignal, moved: () => void) => {
        const report = ({ loadedBytes }: { loadedBytes: number }) => {
          moved();
          onProgress?.(loadedBytes);
        };
        return request(blob, { abortSignal, onProgress: report }, metadataIn(headers));
      };
      await unlessStalled(send, stalledMs, this.#signal);
    };
    await persistently(attempt, isPassingAtStorage, this.#signal);
  }
}

/** What the service wants to find on the blob. */
function metadataIn(headers: Record<string, string>): Metadata {
  const prefix = 'x-ms-meta-';
  const own = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

function contentTypeOf({ type }: Blob): string {
  return type.startsWith('image/') || type === 'application/dicom' ? type : 'application/octet-stream';
}

/** 403: the link has run out on its way. */
function isPassingAtStorage(error: unknown): boolean {
  if (!(error instanceof RestError)) return isPassing(error);
  const { statusCode = 0 } = error;
  return statusCode === 0 || statusCode === 403 || statusCode === 408 || statusCode === 429 || statusCode >= 500;
}
