/** Leafing through the pages or frames of a file: each is a result of the same steps. */
import { useSignal } from '@preact/signals';
import type { Task } from '../../clients/typescript/src/index.ts';
import { api, dataOf } from '../api/client.ts';
import { taskHref } from '../router.ts';
import { Icon } from '../ui/icon.tsx';
import { tell } from '../ui/messages.tsx';

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
  return (
    <p class="row" role="group" aria-label="Pages">
      <button
        type="button"
        class="icon-button"
        aria-label="Page before"
        disabled={busy.value || page === 1}
        onClick={() => go(page - 1)}
      >
        <Icon name="back" />
      </button>
      <span>
        Page {page} of {pages}
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label="Next page"
        disabled={busy.value || page === pages}
        onClick={() => go(page + 1)}
      >
        <Icon name="forward" />
      </button>
    </p>
  );
}
