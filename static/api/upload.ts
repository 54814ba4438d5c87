/** Sends images straight to the storage: several at once, in blocks, going on where a lost connection left off. */
import { api, dataOf, isPassing } from './client.ts';
import { persistently, unlessStalled } from './patience.ts';
import { isPassingAtStorage, putToStorage } from './put.ts';

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
  /** What the service wants to be sent with the bytes. */
  headers: Record<string, string>;
  expiresAt: number;
}

/** The query, the headers and the body of a request to a link. */
type RequestTo = (link: Link) => { query?: Record<string, string>; headers: Record<string, string>; body: Blob };

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
    if (size <= blockBytes) {
      await this.#try(({ headers }) => ({ headers, body: this.#file }), onProgress);
    } else {
      const ids: string[] = [];
      for (let from = 0; from < size; from += blockBytes) {
        const body = this.#file.slice(from, from + blockBytes);
        const id = btoa(String(ids.length).padStart(6, '0'));
        await this.#try(
          () => ({ query: { comp: 'block', blockid: id }, headers: {}, body }),
          (bytes) => onProgress(from + bytes),
        );
        ids.push(id);
      }
      await this.#try(({ headers }) => ({
        query: { comp: 'blocklist' },
        headers: listHeaders(headers),
        body: blockList(ids),
      }));
    }
    onProgress(size);
  }

  /** What has arrived stays: only this request is repeated. */
  async #try(requestTo: RequestTo, onProgress?: (bytes: number) => void): Promise<void> {
    const attempt = async () => {
      const link = await this.#link();
      const { query, headers, body } = requestTo(link);
      // The link stays as it was signed.
      const url = [link.url, ...(query ? [new URLSearchParams(query)] : [])].join('&');
      const send = (signal: AbortSignal, moved: () => void) => {
        const report = (bytes: number) => {
          moved();
          onProgress?.(bytes);
        };
        return putToStorage(url, { headers, body, signal, onProgress: report });
      };
      await unlessStalled(send, stalledMs, this.#signal);
    };
    await persistently(attempt, (error) => isPassingAtStorage(error) || isPassing(error), this.#signal);
  }
}

/** The headers of a whole image, as the request that puts its blocks together has them (REST: Put Block List). */
function listHeaders(headers: Record<string, string>): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => name.toLowerCase().startsWith('x-ms-meta-'));
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return { ...Object.fromEntries(own), ...(type && { 'x-ms-blob-content-type': type }) };
}

function blockList(ids: readonly string[]): Blob {
  const blocks = ids.map((id) => `<Latest>${id}</Latest>`).join('');
  const xml = `<?xml version="1.0" encoding="utf-8"?><BlockList>${blocks}</BlockList>`;
  return new Blob([xml], { type: 'application/xml' });
}

function contentTypeOf({ type }: Blob): string {
  return type.startsWith('image/') || type === 'application/dicom' ? type : 'application/octet-stream';
}
