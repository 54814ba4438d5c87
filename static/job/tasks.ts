/** The tasks of a job, a page at a time, read again as the job moves on. */
import { effect, type Signal, signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Job, Task } from '../../clients/typescript/src/index.ts';
import { api, dataOf, isPassing, wordsFor } from '../api/client.ts';
import { persistently } from '../api/patience.ts';
import { say } from '../ui/messages.tsx';

export type TaskFilter = 'All' | Task['state'];

/** Numbers that fill the rows of two, three, four, six, eight and twelve columns. */
export const pageSizes = [24, 48, 96] as const;

const place = 'tessera-page-size';
const keptSize = Number(localStorage.getItem(place));
/** How many are shown at once; kept by this browser. */
export const pageSize = signal<number>(pageSizes.find((size) => size === keptSize) ?? pageSizes[0]);
effect(() => localStorage.setItem(place, String(pageSize.value)));

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
      limit: pageSize.value,
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
  }, [job.id, filter, page, version, pageSize.value]);
  return { tasks, more, loading };
}
