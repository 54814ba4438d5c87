/** Leafing through the pages or frames of a file: each is a result of the same steps. */
import { useSignal } from '@preact/signals';
import type { Task } from '../../clients/typescript/src/index.ts';
import { api, dataOf } from '../api/client.ts';
import { taskHref } from '../router.ts';
import { tell } from '../ui/messages.tsx';
import { PageTurner } from '../ui/page-turner.tsx';

export function Pages({ task }: { task: Task }) {
  const { id, page, steps, output, input } = task;
  const busy = useSignal(false);
  const pages = input.pages ?? 1;
  if (pages === 1) return null;
  const go = (wanted: number) =>
    tell(async () => {
      busy.value = true;
      try {
        // A page that was seen before is there at once.
        const body = { from: id, steps, output, page: wanted } as never;
        location.hash = taskHref(await dataOf(api.POST('/api/tasks', { body })));
      } finally {
        busy.value = false;
      }
    });
  return <PageTurner page={page} pages={pages} busy={busy.value} onTurn={go} />;
}
