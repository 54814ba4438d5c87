/** Who works on what, how much there is to do, and how fast it went in the last minutes. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { chainOf } from './api/catalog.ts';
import { api, dataOf } from './api/client.ts';
import { pause } from './api/patience.ts';
import { FailedTasks } from './failed-tasks.tsx';
import { taskHref } from './router.ts';
import { Chart } from './ui/chart.tsx';
import { counted, numberInWords, secondsInWords } from './ui/words.ts';

type Stats = Awaited<ReturnType<typeof readStats>>;
type Instance = Awaited<ReturnType<typeof readInstances>>['instances'][number];

const everyMs = 3000;
const keptMs = 10 * 60_000;

interface Sample {
  at: number;
  stats: Stats;
}

/** Kept while one looks at other views, too. */
const samples = signal<readonly Sample[]>([]);
const instances = signal<readonly Instance[] | null>(null);

const readStats = () => dataOf(api.GET('/api/stats'));
const readInstances = () => dataOf(api.GET('/api/instances'));

/** Looks every so often, as long as it is `wanted`. */
export function useSampling(wanted = true): void {
  useEffect(() => {
    if (!wanted) return;
    const stop = new AbortController();
    const { signal } = stop;
    const follow = async () => {
      while (!signal.aborted) {
        if (!document.hidden) await look();
        await pause(everyMs, signal).catch(() => undefined);
      }
    };
    void follow();
    return () => stop.abort();
  }, [wanted]);
}

export function Instances() {
  useSampling();
  const now = samples.value.at(-1)?.stats;
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
        <Figure label="done a minute" value={now && numberInWords(now.endedPerMinute)} />
        <Figure
          label="time left"
          value={
            now &&
            (now.queued + now.running === 0 ? '–' : now.secondsLeft === null ? '?' : secondsInWords(now.secondsLeft))
          }
        />
        <Figure
          label="the first has waited"
          value={now && (now.oldestQueuedSeconds === null ? '–' : secondsInWords(now.oldestQueuedSeconds))}
        />
        {now && now.poisoned > 0 && <Figure label="poison messages" value={numberInWords(now.poisoned)} />}
        <Figure label="instances" value={now && numberInWords(now.instances)} />
      </section>
      <div class="charts">
        <Chart title="Done a minute" points={pointsOf(({ endedPerMinute }) => endedPerMinute)} spanMs={keptMs} />
        <Chart
          title="Waiting and running"
          points={pointsOf(({ queued, running }) => queued + running)}
          spanMs={keptMs}
        />
      </div>
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
    const [stats, alive] = await Promise.all([readStats(), readInstances()]);
    const at = Date.now();
    samples.value = [...samples.value.filter((sample) => sample.at > at - keptMs), { at, stats }];
    instances.value = alive.instances;
  } catch {
    // The banner tells that the service is away; the next look may get through.
  }
}

function pointsOf(value: (stats: Stats) => number) {
  return samples.value.map(({ at, stats }) => ({ at, value: value(stats) }));
}

function Figure({ label, value }: { label: string; value: string | undefined }) {
  return (
    <div class="figure">
      <span class="figure-value">{value ?? '…'}</span>
      <span class="hint">{label}</span>
    </div>
  );
}
