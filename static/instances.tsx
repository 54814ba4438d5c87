/** Who works on what, how much there is to do, and how it went in the last hours. */
import { signal } from '@preact/signals';
import { chainOf } from './api/catalog.ts';
import { api, dataOf } from './api/client.ts';
import { FailedTasks } from './failed-tasks.tsx';
import { HistoryView } from './operators/history-view.tsx';
import { taskHref } from './router.ts';
import { useLooking } from './ui/looking.ts';
import { counted, numberInWords, secondsInWords } from './ui/words.ts';

type Stats = Awaited<ReturnType<typeof readStats>>;
type Instance = Awaited<ReturnType<typeof readInstances>>['instances'][number];

const everyMs = 3000;

const stats = signal<Stats | null>(null);
const instances = signal<readonly Instance[] | null>(null);

const readStats = () => dataOf(api.GET('/api/stats'));
const readInstances = () => dataOf(api.GET('/api/instances'));

export function Instances() {
  useLooking(look, everyMs);
  const now = stats.value;
  return (
    <>
      <h1>Instances</h1>
      {now?.pausedSince && (
        <p class="hint" role="status">
          Paused since {new Date(now.pausedSince).toLocaleString()}. New tasks are accepted and wait.
        </p>
      )}
      <section class="panel figures" aria-label="Now">
        <Figure label="waiting" value={now && numberInWords(now.queued)} />
        <Figure label="running" value={now && numberInWords(now.running)} />
        <Figure label="ended per minute" value={now && numberInWords(now.endedPerMinute)} />
        <Figure
          label="time left"
          value={
            now &&
            (now.queued + now.running === 0
              ? '–'
              : now.secondsLeft === null
                ? 'not known yet'
                : secondsInWords(now.secondsLeft))
          }
        />
        <Figure
          label="wait of the first task"
          value={now && (now.oldestQueuedSeconds === null ? '–' : secondsInWords(now.oldestQueuedSeconds))}
        />
        {now && now.poisoned > 0 && <Figure label="poison messages" value={numberInWords(now.poisoned)} />}
        <Figure label="instances" value={now && numberInWords(now.instances)} />
      </section>
      <HistoryView />
      <FailedTasks />
      <section aria-label="Instances">
        <h2>Instances</h2>
        {instances.value?.length === 0 && (
          <p class="hint">
            Nobody has been at work in the last minute. Instances start as soon as there is something to do.
          </p>
        )}
        <ul class="instances">
          {instances.value?.map(({ id, running, endedPerMinute, seenAt, tasks }) => (
            <li key={id} class="panel">
              <strong>{id}</strong>
              <span>{running === 0 ? 'idle' : `at work on ${counted(running, 'task')}`}</span>
              <span class="hint">
                {endedPerMinute} done in the last minute, last sign of life{' '}
                {secondsInWords((Date.now() - Date.parse(seenAt)) / 1000)} ago
              </span>
              {tasks.length > 0 && (
                <ul class="at-work">
                  {tasks.map((task) => (
                    <li key={task.id}>
                      <a href={taskHref(task)}>{task.name ?? 'image'}</a>{' '}
                      <span class="hint">{chainOf(task.operations)}</span>
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

async function look(): Promise<void> {
  try {
    const [now, alive] = await Promise.all([readStats(), readInstances()]);
    stats.value = now;
    instances.value = alive.instances;
  } catch {
    // The banner tells that the service is away; the next look may get through.
  }
}

function Figure({ label, value }: { label: string; value: string | null | undefined }) {
  return (
    <div class="figure">
      <span class="figure-value">{value ?? '…'}</span>
      <span class="hint">{label}</span>
    </div>
  );
}
