/** Following a job: one request waits at the service until something has changed. */
import type { Job } from '../../clients/typescript/src/index.ts';
import { api, isPassing, TesseraError } from './client.ts';
import { pause } from './patience.ts';

const waitSeconds = 20;
/** Between two answers, however fast things change. */
const restMs = 400;
const retryMs = 2000;

const finalStates: readonly Job['state'][] = ['Completed', 'Canceled', 'Failed'];

export function isDone({ state }: Job): boolean {
  return finalStates.includes(state);
}

/** Tells of each change until the job is done; a lost connection is waited out. Throws `TesseraError` where the job is not there. */
export async function watchJob(id: string, onChange: (job: Job) => void, signal: AbortSignal): Promise<void> {
  // What the service called the last answer.
  let etag: string | null = null;
  while (!signal.aborted) {
    try {
      const { data, error, response } = await read(id, etag, signal);
      if (data) {
        etag = response.headers.get('etag');
        onChange(data);
        if (data.finishedAt !== null) return;
        // It is done, and will be noted as such in a moment.
        if (isDone(data)) await pause(retryMs, signal);
      } else if (error && error.status < 500 && error.status !== 429) {
        throw new TesseraError(error);
      }
      // Without an ETag nothing is waited for at the service.
      await pause(error || etag === null ? retryMs : restMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!isPassing(error)) throw error;
      await pause(retryMs, signal).catch(() => undefined);
    }
  }
}

function read(id: string, etag: string | null, signal: AbortSignal) {
  const wait = etag === null ? 0 : waitSeconds;
  const params = { path: { id }, query: { wait }, header: etag === null ? {} : { 'If-None-Match': etag } };
  return api.GET('/api/jobs/{id}', { params, signal, cache: 'no-store' });
}
