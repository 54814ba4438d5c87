/** The tasks of a job, a page at a time, read again as the job moves on. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Job, Task } from '../../clients/typescript/src/index.ts';
import { api, dataOf, isPassing, wordsFor } from '../api/client.ts';
import { persistently } from '../api/patience.ts';
import { say } from '../ui/messages.tsx';

export type TaskFilter = 'All' | Task['state'];

export const pageSize = 30;

interface TaskPage {
  tasks: Signal<readonly Task[]>;
  /** Whether there is a page after this one. */
  more: Signal<boolean>;
  loading: Signal<boolean>;
}

/** `continuations` holds where each page begins; it grows as one goes on. */
export function useTasks(
  job: Job,
  filter: TaskFilter,
  page: number,
  continuations: Signal<(string | null)[]>,
): TaskPage {
  const tasks = useSignal<readonly Task[]>([]);
  const more = useSignal(false);
  const loading = useSignal(true);
  const { succeeded, failed, canceled, running } = job.counts;
  const version = `${succeeded} ${failed} ${canceled} ${running}`;

  useEffect(() => {
    const stop = new AbortController();
    const continuation = continuations.value[page];
    const query = {
      limit: pageSize,
      urls: 1 as const,
      ...(filter !== 'All' && { state: filter }),
      ...(continuation && { continuation }),
    };
    const { signal } = stop;
    const read = () => dataOf(api.GET('/api/jobs/{id}/tasks', { params: { path: { id: job.id }, query }, signal }));
    persistently(read, isPassing, signal).then(
      (given) => {
        tasks.value = given.tasks;
        more.value = given.next !== null;
        loading.value = false;
        if (given.next !== null) continuations.value = continuations.value.slice(0, page + 1).concat(given.next);
      },
      (error) => {
        if (!signal.aborted) say(wordsFor(error), true);
      },
    );
    return () => stop.abort();
  }, [job.id, filter, page, version]);
  return { tasks, more, loading };
}
