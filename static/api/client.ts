/** The API, as the page reaches it: where it is, the key, and what happens when either is missing. */
import { signal } from '@preact/signals';
import { createTesseraClient, TesseraError } from '../../clients/typescript/src/index.ts';
import { apiBase, signInConfig } from './base.ts';
import { StalledError, unlessStalled } from './patience.ts';
import { accessToken, signInWanted } from './sign-in.ts';

export { dataOf, TesseraError } from '../../clients/typescript/src/index.ts';

/** Whether the last request reached the service. */
export const online = signal(true);
/** The function key; kept in this browser, for this page alone. */
export const key = signal(localStorage.getItem('tessera-key') ?? '');
/** Whether the service has asked for a key, or refused the one there is. */
export const keyWanted = signal<'no' | 'missing' | 'refused'>('no');

let keyGiven = Promise.withResolvers<void>();

export function giveKey(text: string): void {
  key.value = text;
  if (text === '') localStorage.removeItem('tessera-key');
  else localStorage.setItem('tessera-key', text);
  keyWanted.value = 'no';
  keyGiven.resolve();
  keyGiven = Promise.withResolvers();
}

/** Longer than the service ever takes, and waits at most. */
const answerMs = 60_000;

/** Sends a request with the key; where the service asks for one, waits until it is given, and sends it again. `isQuiet`: gives the refusal instead. */
async function send(request: Request, isQuiet = false): Promise<Response> {
  for (let renew = false; ; ) {
    const attempt = request.clone();
    const token = signInConfig ? await accessToken(renew) : null;
    if (signInConfig && token === null) return untilSignedIn(request, isQuiet);
    if (token !== null) attempt.headers.set('authorization', `Bearer ${token}`);
    if (key.value !== '') attempt.headers.set('x-functions-key', key.value);
    // From another origin, what browsers send without asking is refused.
    if (attempt.method === 'POST' && !attempt.headers.has('content-type'))
      attempt.headers.set('content-type', 'application/json');
    const response = await unlessStalled((signal) => fetch(attempt, { signal }), answerMs, request.signal).catch(
      (error: unknown) => {
        if (!request.signal.aborted) online.value = false;
        throw error;
      },
    );
    online.value = true;
    if (response.status !== 401) return response;
    if (token !== null) {
      // Once more with a new token; where that is refused as well, somebody else has to sign in.
      if (renew) return untilSignedIn(request, isQuiet);
      renew = true;
      continue;
    }
    if (isQuiet) return response;
    const again = keyGiven.promise;
    keyWanted.value = key.value === '' ? 'missing' : 'refused';
    await again;
  }
}

/** Signing in leaves the page: what was asked for is asked for anew when it is back. */
function untilSignedIn({ signal }: Request, isQuiet: boolean): Promise<Response> {
  if (isQuiet) return Promise.resolve(new Response(null, { status: 401 }));
  signInWanted.value = true;
  const { promise, reject } = Promise.withResolvers<Response>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}

export const api = createTesseraClient({ baseUrl: apiBase, fetch: (request) => send(request) });

/** For what nobody has asked for: a service that wants a key is no reason to ask for one. */
export const sendQuietly = (request: Request) => send(request, true);

/** Gets what has no JSON: a file. Throws `TesseraError`. */
export async function getFile(path: string): Promise<Blob> {
  const response = await send(new Request(apiBase + path));
  if (!response.ok) throw new TesseraError(await response.json());
  return response.blob();
}

/** Gets a file piece by piece. Throws `TesseraError`. */
export async function getStream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const response = await send(new Request(apiBase + path, { signal }));
  if (!response.ok || !response.body) throw new TesseraError(await response.json());
  return response.body;
}

/** Whether a request has not reached the service, or its answer not us. */
function isUnreached(error: unknown): boolean {
  return error instanceof TypeError || error instanceof StalledError;
}

/** Whether trying again may help: no connection, too many requests, or a fault that is not ours. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof TesseraError)) return isUnreached(error);
  const { status } = error.problem;
  return status === 408 || status === 429 || status >= 500;
}

/** An error in words for people. */
export function wordsFor(error: unknown): string {
  if (error instanceof TesseraError) return `${error.problem.title}. ${error.problem.detail}`;
  if (isUnreached(error)) return 'The service cannot be reached. Check the connection and try again.';
  return error instanceof Error ? error.message : String(error);
}
