/** Which failed tasks may come out otherwise when they are tried again: of a damaged file, none will. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Job, Task } from '../../clients/typescript/src/index.ts';
import { api } from '../api/client.ts';
import { isDone } from '../api/watch.ts';

/** So many failures are looked at; of more, one is taken to be worth it. */
const looksAt = 100;
const temporary = [408, 429];

export function isRetryable({ state, error }: Pick<Task, 'state' | 'error'>): boolean {
  if (state === 'Canceled') return true;
  if (state !== 'Failed') return false;
  const status = error?.status ?? 500;
  return status >= 500 || temporary.includes(status) || error?.type.endsWith(':time-limit-exceeded') === true;
}

/** Whether any failure of a job that is done is worth another try. */
export function useRetryable(job: Job): Signal<boolean> {
  const retryable = useSignal(false);
  const { failed } = job.counts;
  const done = isDone(job);
  useEffect(() => {
    retryable.value = false;
    if (!done || failed === 0) return;
    const stop = new AbortController();
    const query = { limit: looksAt, state: 'Failed' as const };
    api.GET('/api/jobs/{id}/tasks', { params: { path: { id: job.id }, query }, signal: stop.signal }).then(
      ({ data }) => {
        if (data) retryable.value = data.next !== null || data.tasks.some(isRetryable);
      },
      // It is offered where it cannot be told.
      () => {
        if (!stop.signal.aborted) retryable.value = true;
      },
    );
    return () => stop.abort();
  }, [job.id, done, failed]);
  return retryable;
}
