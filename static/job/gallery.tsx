/** The images of a job as cards, by state, page by page. */
import { useEffect } from 'preact/hooks';
import type { Job, Task } from '../../clients/typescript/src/index.ts';
import { api, dataOf } from '../api/client.ts';
import { taskHref } from '../router.ts';
import { Icon } from '../ui/icon.tsx';
import { tell } from '../ui/messages.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { numberInWords } from '../ui/words.ts';
import { placeIn, useKeptScroll } from './gallery-place.ts';
import { isRetryable } from './retryable.ts';
import { StateBadge, stateWords } from './state-badge.tsx';
import { pageSize, pageSizes, type TaskFilter, useTasks } from './tasks.ts';

const filters: readonly TaskFilter[] = ['All', 'Succeeded', 'Failed', 'Running', 'Queued', 'Canceled'];

export function Gallery({ job, onChange }: { job: Job; onChange: () => void }) {
  const place = placeIn(job.id);
  const { filter, page, continuations } = place;
  const { tasks, more, loading } = useTasks(job, filter.value, page.value, continuations);
  useEffect(() => {
    place.shown = tasks.value.map(({ id }) => Number(id.slice(job.id.length + 1)));
  }, [tasks.value]);
  useKeptScroll(place, tasks.value.length > 0);
  const count = (name: TaskFilter) => (name === 'All' ? (job.total ?? 0) : job.counts[countName(name)]);
  const choose = (name: TaskFilter) => {
    filter.value = name;
    place.shown = [];
    page.value = 0;
    continuations.value = [null];
  };
  const from = page.value * pageSize.value;
  return (
    <section class="gallery" aria-label="Images">
      <div class="row filters" role="group" aria-label="Show">
        {filters
          .filter((name) => name === 'All' || count(name) > 0 || name === filter.value)
          .map((name) => (
            <button key={name} type="button" aria-pressed={filter.value === name} onClick={() => choose(name)}>
              {name === 'All' ? name : stateWords[name]} <small>{numberInWords(count(name))}</small>
            </button>
          ))}
      </div>
      {tasks.value.length === 0 &&
        (loading.value ? (
          <Skeleton list="cards" item="card" count={12} />
        ) : (
          <p class="empty">{filter.value === 'All' ? 'The tasks are being made…' : 'There are none.'}</p>
        ))}
      <ul class="cards">
        {tasks.value.map((task) => (
          <Card key={task.id} task={task} onChange={onChange} />
        ))}
      </ul>
      {(page.value > 0 || more.value || count(filter.value) > pageSizes[0]) && (
        <div class="row pages">
          <button type="button" disabled={page.value === 0} onClick={() => page.value--}>
            <Icon name="back" /> Before
          </button>
          <span class="hint">
            {from + 1}–{from + tasks.value.length} of {numberInWords(count(filter.value))}
          </span>
          <button type="button" disabled={!more.value} onClick={() => page.value++}>
            Next <Icon name="forward" />
          </button>
          <label class="hint">
            Images a page{' '}
            <select
              value={pageSize.value}
              onChange={({ currentTarget: { value } }) => {
                pageSize.value = Number(value);
                choose(filter.value);
              }}
            >
              {pageSizes.map((size) => (
                <option key={size} value={size}>
                  {size}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
    </section>
  );
}

function countName(state: Task['state']) {
  return state.toLowerCase() as Lowercase<Task['state']>;
}

function Card({ task, onChange }: { task: Task; onChange: () => void }) {
  const { id, state, input, result, error, urls } = task;
  const name = input.name ?? 'image';
  const retry = () =>
    tell(async () => {
      await dataOf(api.POST('/api/tasks/{id}/retry', { params: { path: { id } } }));
      onChange();
    });
  const picture = result ? urls?.thumbnail : null;
  return (
    <li class={`card ${state.toLowerCase()}`}>
      <a href={taskHref(task)}>
        <span class="card-picture">
          {picture ? (
            <img src={picture} alt="" loading="lazy" decoding="async" />
          ) : state === 'Running' ? (
            <span class="spinner" aria-hidden="true" />
          ) : (
            <Icon name={state === 'Failed' ? 'warning' : 'image'} />
          )}
        </span>
        <span class="card-name">{name}</span>
      </a>
      <div class="row between">
        <StateBadge state={state} />
        {isRetryable(task) && (
          <button type="button" class="quiet" onClick={retry} aria-label={`Try ${name} again`}>
            <Icon name="retry" /> Retry
          </button>
        )}
      </div>
      {error && state === 'Failed' && <p class="error">{error.detail}</p>}
    </li>
  );
}
