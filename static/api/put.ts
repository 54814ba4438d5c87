/** A PUT to the storage that tells how far it is, which `fetch` cannot of what it sends. */

export interface StoragePut {
  headers: Record<string, string>;
  body: Blob;
  signal: AbortSignal;
  /** How many bytes have left. */
  onProgress: (bytes: number) => void;
}

/** What the storage answered in place of success; 0 where the request did not reach it. */
export class StorageError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(
      status === 0
        ? 'The storage cannot be reached. Check the connection and try again.'
        : `The storage refused the image (status ${status}).`,
    );
    this.name = 'StorageError';
    this.status = status;
  }
}

/** Throws `StorageError`, or the signal's reason. */
export function putToStorage(url: string, { headers, body, signal, onProgress }: StoragePut): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    const end = (settle: () => void) => () => {
      signal.removeEventListener('abort', abort);
      settle();
    };
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onload = end(() => (request.status < 300 ? resolve() : reject(new StorageError(request.status))));
    request.onerror = end(() => reject(new StorageError(0)));
    request.onabort = end(() => reject(signal.reason));
    signal.addEventListener('abort', abort);
    request.send(body);
  });
}

/** Whether trying again may help. 403: the link has run out on its way. */
export function isPassingAtStorage(error: unknown): boolean {
  if (!(error instanceof StorageError)) return false;
  const { status } = error;
  return status === 0 || status === 403 || status === 408 || status === 429 || status >= 500;
}
