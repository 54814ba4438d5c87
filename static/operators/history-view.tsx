/** What the service has recorded of the last hours: the figures of the workbook in Azure, by the same names. */
import { useSignal } from '@preact/signals';
import { api, dataOf } from '../api/client.ts';
import { useLooking } from '../ui/looking.ts';
import { TimeChart } from '../ui/time-chart.tsx';
import { bytesInWords, counted, nameInWords, numberInWords, timeInWords } from '../ui/words.ts';

const readHistory = (hours: number) => dataOf(api.GET('/api/stats/history', { params: { query: { hours } } }));
type History = Awaited<ReturnType<typeof readHistory>>;

/** As often as the service writes. */
const everyMs = 60_000;
const spans = [1, 6, 24, 48];
/** In which ends are counted. */
const periodMinutes = 5;
const minuteMs = 60_000;

export function HistoryView() {
  const hours = useSignal(6);
  const history = useSignal<History | null>(null);
  const readAt = useSignal(Date.now());
  const look = async (signal: AbortSignal) => {
    // While the service is away, what was last read stays; the banner says so.
    const read = await readHistory(hours.value).catch(() => null);
    if (read && !signal.aborted) [history.value, readAt.value] = [read, Date.now()];
  };
  useLooking(look, everyMs, [hours.value]);
  const now = history.value;
  return (
    <section class="operators" aria-label="The last hours">
      <div class="row between">
        <h2>The last hours</h2>
        <label>
          Show{' '}
          <select value={hours.value} onChange={({ currentTarget: { value } }) => (hours.value = Number(value))}>
            {spans.map((span) => (
              <option key={span} value={span}>
                {counted(span, 'hour')}
              </option>
            ))}
          </select>
        </label>
      </div>
      {now ? (
        <Recorded history={now} end={readAt.value} spanMs={hours.value * 60 * minuteMs} />
      ) : (
        <p class="hint">Loading…</p>
      )}
    </section>
  );
}

function Recorded({
  history: { samples, ends, storage },
  end,
  spanMs,
}: {
  history: History;
  end: number;
  spanMs: number;
}) {
  const times = { end, spanMs };
  const sampled = (value: (sample: History['samples'][number]) => number) =>
    samples.map((sample) => ({ at: Date.parse(sample.at), value: value(sample) }));
  const ended = (value: (period: History['ends'][number]) => number) =>
    ends.map((period) => ({ at: Date.parse(period.at), value: value(period) / periodMinutes }));
  return (
    <>
      <div class="charts">
        <TimeChart
          title="Tasks that wait and run"
          {...times}
          gapMs={3 * minuteMs}
          series={[
            { name: 'waiting', points: sampled(({ queued }) => queued) },
            { name: 'running', points: sampled(({ running }) => running) },
          ]}
        />
        <TimeChart
          title="Tasks that end, per minute"
          {...times}
          stepMs={periodMinutes * minuteMs}
          series={[
            { name: 'succeeded', points: ended(({ succeeded }) => succeeded) },
            { name: 'failed', points: ended(({ failed }) => failed) },
            { name: 'canceled', points: ended(({ canceled }) => canceled) },
          ]}
        />
        <TimeChart
          title="Wait of the first task, in seconds"
          {...times}
          gapMs={3 * minuteMs}
          series={[{ name: 'seconds', points: sampled(({ oldestQueuedSeconds }) => oldestQueuedSeconds ?? 0) }]}
        />
        <TimeChart
          title="Instances at work"
          {...times}
          gapMs={3 * minuteMs}
          series={[{ name: 'instances', points: sampled(({ instances }) => instances) }]}
        />
      </div>
      <div class="charts">
        <Failures ends={ends} />
        <Durations ends={ends} />
        <StorageUsed storage={storage} />
      </div>
    </>
  );
}

function Failures({ ends }: { ends: History['ends'] }) {
  const counts = new Map<string, number>();
  for (const { failures } of ends)
    for (const [type, count] of Object.entries(failures)) counts.set(type, (counts.get(type) ?? 0) + count);
  const rows = [...counts].sort(([, a], [, b]) => b - a);
  return (
    <section class="panel" aria-label="Failures by type">
      <h3>Failures by type</h3>
      {rows.length === 0 ? (
        <p class="hint">No task has failed.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">type</th>
              <th scope="col">tasks</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([type, count]) => (
              <tr key={type}>
                <td>{type === '' ? 'unknown' : nameInWords(type)}</td>
                <td>{numberInWords(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Of the phases that there are, those that say most. */
const phases = ['queued', 'download', 'decode', 'process', 'encode', 'upload', 'total'];

function Durations({ ends }: { ends: History['ends'] }) {
  const all = new Map<string, { tasks: number; sums: Map<string, number>; longest: number }>();
  for (const { operations } of ends) {
    for (const [name, { tasks, phases }] of Object.entries(operations)) {
      const known = all.get(name) ?? { tasks: 0, sums: new Map<string, number>(), longest: 0 };
      known.tasks += tasks;
      for (const [phase, { sum }] of Object.entries(phases)) known.sums.set(phase, (known.sums.get(phase) ?? 0) + sum);
      known.longest = Math.max(known.longest, phases.total?.longest ?? 0);
      all.set(name, known);
    }
  }
  const rows = [...all].sort(([, a], [, b]) => b.tasks - a.tasks);
  const inMs = (ms: number | undefined) => (ms === undefined ? '' : numberInWords(Math.round(ms)));
  return (
    <section class="panel wide" aria-label="Mean time by operation and phase, in milliseconds">
      <h3>Mean time by operation and phase, in milliseconds</h3>
      {rows.length === 0 ? (
        <p class="hint">No task has ended.</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Mean times, table">
          <table>
            <thead>
              <tr>
                {['operation', 'tasks', ...phases, 'longest'].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([name, { tasks, sums, longest }]) => (
                <tr key={name}>
                  <td>{nameInWords(name)}</td>
                  <td>{numberInWords(tasks)}</td>
                  {phases.map((phase) => (
                    <td key={phase}>{inMs(sums.has(phase) ? (sums.get(phase) as number) / tasks : undefined)}</td>
                  ))}
                  <td>{inMs(longest)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function StorageUsed({ storage }: { storage: History['storage'] }) {
  const kinds = storage
    ? ([
        ['images', storage.inputs],
        ['results', storage.results],
      ] as const)
    : [];
  return (
    <section class="panel" aria-label="Storage used">
      <h3>Storage used</h3>
      {storage === null && <p class="hint">It is counted when expired data are deleted, once an hour.</p>}
      {storage && (
        <>
          <dl class="statistics">
            {kinds.map(([name, { blobs, bytes }]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  {bytesInWords(bytes)} <small>in {counted(blobs, 'file')}</small>
                </dd>
              </div>
            ))}
          </dl>
          <p class="hint">Counted {timeInWords(storage.inputs.at)}.</p>
        </>
      )}
    </section>
  );
}
