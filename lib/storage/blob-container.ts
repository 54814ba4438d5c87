import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import {
  type BlobClient,
  type BlobItem,
  BlobSASPermissions,
  type ContainerClient,
  RestError,
} from '@azure/storage-blob';
import { Problem, problem } from '../problems.ts';
import { contentDisposition, type LinkOptions, type LinkSigner, linkEnd } from './links.ts';

/** Larger uploads go in blocks of this size, so many at a time. */
const blockBytes = 8 * 2 ** 20;
const parallelBlocks = 2;
/** How often the storage is asked whether it has copied a blob, and how long it may take for that. */
const copyPollMs = 500;
const copyLifetimeMs = 3600_000;

/** A blob, also at one version of it. */
export interface BlobVersion {
  blob: string;
  etag?: string | undefined;
}

export interface BlobHead {
  head: Buffer;
  etag: string;
  /** Length of the whole blob. */
  bytes: number;
  lastModified: Date;
  metadata: Record<string, string>;
}

export interface ListedBlob {
  name: string;
  /** Of its present version. */
  etag: string;
  bytes: number;
  contentType: string | null;
  lastModified: Date;
}

export interface BlobPage {
  blobs: ListedBlob[];
  /** Where the next page begins; null after the last. */
  next: string | null;
}

export interface OpenBlob {
  content: Readable;
  /** The length of this very content. */
  bytes: number;
  metadata: Record<string, string>;
}

/** What can be done with blobs, whether they lie in one account or in several. */
export type Blobs = Omit<Pick<BlobContainer, keyof BlobContainer>, 'name' | 'url' | 'createIfNotExists'>;

/** A container of blobs, each found by its name. */
export class BlobContainer {
  readonly #client: ContainerClient;
  readonly #sign: LinkSigner;

  constructor(client: ContainerClient, sign: LinkSigner) {
    this.#client = client;
    this.#sign = sign;
  }

  get name(): string {
    return this.#client.containerName;
  }

  get url(): string {
    return this.#client.url;
  }

  async createIfNotExists(): Promise<void> {
    await this.#client.createIfNotExists();
  }

  async put(name: string, bytes: Uint8Array, contentType: string): Promise<void> {
    const options = { blobHTTPHeaders: { blobContentType: contentType } };
    await this.#client.getBlockBlobClient(name).upload(bytes, bytes.length, options);
  }

  async putText(name: string, text: string, contentType = 'application/json'): Promise<void> {
    await this.put(name, Buffer.from(text), contentType);
  }

  /** Stores items as JSON Lines. */
  async putLines(name: string, items: readonly object[]): Promise<void> {
    const bytes = Buffer.from(items.map((item) => `${JSON.stringify(item)}\n`).join(''));
    await this.put(name, bytes, 'application/jsonl');
  }

  async putStream(name: string, stream: Readable, contentType: string): Promise<void> {
    const options = { blobHTTPHeaders: { blobContentType: contentType } };
    await this.#client.getBlockBlobClient(name).uploadStream(stream, blockBytes, parallelBlocks, options);
  }

  /** The ETag and length of a blob; null where it is not there. */
  async properties(name: string): Promise<{ etag: string; bytes: number } | null> {
    try {
      const { etag, contentLength } = await this.#client.getBlobClient(name).getProperties();
      return { etag: etag as string, bytes: contentLength as number };
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** Up to `length` bytes from the beginning of a blob, and what the storage knows of it. Throws `missing` where it is not there. */
  async head(name: string, length: number, missing: () => Problem): Promise<BlobHead> {
    const client = this.#client.getBlobClient(name);
    const response = await client.download(0, length).catch((error) => {
      // There is no range in an empty blob.
      if (error instanceof RestError && error.statusCode === 416) return null;
      return explain(error, client, missing);
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

  /** Up to `length` bytes from `offset`; none past the end. */
  async range(name: string, offset: number, length: number): Promise<Buffer> {
    const response = await this.#client.getBlobClient(name).download(offset, length);
    return buffer(response.readableStreamBody as Readable);
  }

  /** Opens a blob at its version. Throws `input-changed`, and `missing` where it is not there. */
  async open({ blob, etag }: BlobVersion, missing: () => Problem): Promise<OpenBlob> {
    const client = this.#client.getBlobClient(blob);
    const response = await client
      .download(0, undefined, conditionsOf(etag))
      .catch((error) => explain(error, client, missing));
    return {
      content: response.readableStreamBody as Readable,
      bytes: response.contentLength as number,
      metadata: response.metadata ?? {},
    };
  }

  /** Checks that a blob is there, at its version. Throws as `open` does. */
  async check({ blob, etag }: BlobVersion, missing: () => Problem): Promise<void> {
    const client = this.#client.getBlobClient(blob);
    await client.getProperties(conditionsOf(etag)).catch((error) => explain(error, client, missing));
  }

  /** The content of a blob; null where it is not there. */
  async stream(name: string): Promise<Readable | null> {
    try {
      return (await this.#client.getBlobClient(name).download()).readableStreamBody as Readable;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** The text of a blob; null where it is not there. */
  async text(name: string): Promise<string | null> {
    const content = await this.stream(name);
    return content && text(content);
  }

  /** The blobs whose names begin with `prefix`, by name. */
  async *list(prefix = ''): AsyncGenerator<ListedBlob> {
    for await (const item of this.#client.listBlobsFlat({ prefix })) yield listedBlob(item);
  }

  /** A page of `list`. Throws `invalid-parameter` for a marker that the storage did not give. */
  async listPage(prefix: string, limit: number, marker?: string): Promise<BlobPage> {
    const settings = { maxPageSize: limit, ...(marker !== undefined && { continuationToken: marker }) };
    const { value } = await this.#client
      .listBlobsFlat({ prefix })
      .byPage(settings)
      .next()
      .catch((error) => {
        if (!(error instanceof RestError && error.statusCode === 400)) throw error;
        throw problem('invalid-parameter', 'The list has no such page.', { field: 'continuation' });
      });
    return { blobs: value.segment.blobItems.map(listedBlob), next: value.continuationToken || null };
  }

  /** Deletes a blob with its snapshots, also where it is leased. False where there is none. */
  async delete(name: string): Promise<boolean> {
    const client = this.#client.getBlobClient(name);
    const remove = async () => (await client.deleteIfExists({ deleteSnapshots: 'include' })).succeeded;
    try {
      return await remove();
    } catch (error) {
      if (!isOtherVersion(error)) throw error;
    }
    await client.getBlobLeaseClient().breakLease(0);
    return remove();
  }

  /** Deletes every blob whose name begins with `prefix`. */
  async deleteAll(prefix: string): Promise<void> {
    for await (const { name } of this.list(prefix)) await this.delete(name);
  }

  /**
   * Copies a blob of this container, or of `from`, type and all: within an account by its name, from another one by a link. False
   * where the source is not there, or not at that version.
   */
  async copy(source: BlobVersion, name: string, from: Blobs = this): Promise<boolean> {
    const holder = await from.holderOf(source.blob);
    const blob = holder.#client.getBlobClient(source.blob);
    const sourceConditions = source.etag === undefined ? {} : { ifMatch: source.etag };
    const options = { sourceConditions, intervalInMs: copyPollMs };
    try {
      const url = holder.#account === this.#account ? blob.url : await holder.#sign(blob, copyRights());
      const copy = await this.#client.getBlobClient(name).beginCopyFromURL(url, options);
      return (await copy.pollUntilDone()).copyStatus === 'success';
    } catch (error) {
      if (isMissing(error) || isOtherVersion(error)) return false;
      throw error;
    }
  }

  /** The container of one account in which a blob lies. */
  async holderOf(_name: string): Promise<BlobContainer> {
    return this;
  }

  get #account(): string {
    return this.#client.url.slice(0, -this.#client.containerName.length);
  }

  /** A URL that lets whoever has it read this one blob for a while. */
  readLink(name: string, { lifetimeMs, contentType, fileName }: LinkOptions): Promise<string> {
    return this.#sign(this.#client.getBlobClient(name), {
      permissions: BlobSASPermissions.from({ read: true }),
      expiresOn: linkEnd(lifetimeMs),
      cacheControl: `private, max-age=${Math.floor(lifetimeMs / 2000)}`,
      contentType,
      // A browser shows pictures, and runs nothing that was handed in as one.
      contentDisposition: contentDisposition(contentType.startsWith('image/') ? 'inline' : 'attachment', fileName),
    });
  }

  /**
   * A URL that lets whoever has it write this one blob for a while, whole or in blocks, and as often as they want. The permission
   * allows snapshots, leases, tiers and metadata as well; `create` alone allows neither blocks nor sending a file again.
   */
  writeLink(name: string, expiresOn: Date): Promise<string> {
    const permissions = BlobSASPermissions.from({ create: true, write: true });
    return this.#sign(this.#client.getBlobClient(name), { permissions, expiresOn });
  }
}

function copyRights() {
  return { permissions: BlobSASPermissions.from({ read: true }), expiresOn: linkEnd(copyLifetimeMs) };
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

async function emptyHead(client: BlobClient): Promise<BlobHead> {
  const { etag = '', lastModified = new Date() } = await client.getProperties();
  return { head: Buffer.alloc(0), etag, lastModified, bytes: 0, metadata: {} };
}

function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}

function isOtherVersion(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 412;
}

function conditionsOf(etag: string | undefined) {
  return etag === undefined ? {} : { conditions: { ifMatch: etag } };
}

function listedBlob({ name, properties }: BlobItem): ListedBlob {
  const { etag, contentLength, contentType, lastModified } = properties;
  return { name, etag: quoted(etag), bytes: contentLength ?? 0, contentType: contentType ?? null, lastModified };
}

/** Listings give ETags without the quotes that headers have. */
function quoted(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`;
}
