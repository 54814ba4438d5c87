/** The caller's tasks that failed of late, by reason, and a way to queue them again. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Task } from '../clients/typescript/src/index.ts';
import { chainOf } from './api/catalog.ts';
import { api, dataOf } from './api/client.ts';
import { taskHref } from './router.ts';
import { Icon } from './ui/icon.tsx';
import { say, tell } from './ui/messages.tsx';
import { timeInWords } from './ui/words.ts';

/** As many as a list gives at once. */
const limit = 100;

export function FailedTasks() {
  const tasks = useSignal<readonly Task[] | null>(null);
  const read = async () => {
    const query = { state: 'Failed' as const, limit };
    tasks.value = (await dataOf(api.GET('/api/tasks', { params: { query } }))).tasks;
  };
  useEffect(() => void tell(read), []);
  const list = tasks.value;
  if (!list || list.length === 0) return null;
  const requeue = (some: readonly Task[]) =>
    tell(async () => {
      for (const { id } of some) await dataOf(api.POST('/api/tasks/{id}/retry', { params: { path: { id } } }));
      say('Queued again.');
      await read();
    });
  const reasons = Map.groupBy(list, ({ error }) => error?.title ?? 'Unknown');
  return (
    <section class="panel failed-tasks" aria-label="Failed tasks">
      <h2>Your failed tasks</h2>
      <p class="hint">Tasks of poisoned messages are among them: they have failed for internal reasons.</p>
      {[...reasons].map(([reason, some]) => (
        <details key={reason} open={reasons.size === 1}>
          <summary>
            {reason} <small>{some.length}</small>
          </summary>
          <button type="button" onClick={() => requeue(some)} aria-label={`Requeue all: ${reason}`}>
            <Icon name="retry" /> Requeue all
          </button>
          <ul class="at-work">
            {some.map((task) => (
              <li key={task.id}>
                <a href={taskHref(task)}>{task.input.name ?? 'image'}</a>{' '}
                <span class="hint">
                  {chainOf(task.steps.map(({ operation }) => operation))}, {timeInWords(task.createdAt)}:{' '}
                  {task.error?.detail}
                </span>{' '}
                <button
                  type="button"
                  class="quiet"
                  aria-label={`Requeue ${task.input.name ?? 'image'}`}
                  onClick={() => requeue([task])}
                >
                  Requeue
                </button>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}
