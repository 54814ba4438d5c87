/** All results of a job at once: statistics and plots of a measure, and the table. */
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Job } from '../../clients/typescript/src/index.ts';
import { isPassing, wordsFor } from '../api/client.ts';
import { persistently } from '../api/patience.ts';
import { jobHref } from '../router.ts';
import { counted, numberInWords } from '../ui/words.ts';
import { Filters } from './filters.tsx';
import { MeasureChoice } from './measure-choice.tsx';
import { Histogram, Scatter } from './plots.tsx';
import { ResultTable } from './result-table.tsx';
import { columnsOf, numberIn, type Row, readRows } from './rows.ts';
import { type Selection, selectedRows } from './selection.ts';
import { isOutlier, statisticsOf } from './statistics.ts';
import { StatisticsView } from './statistics-view.tsx';

const everything: Selection = {
  search: '',
  measure: null,
  range: { from: null, to: null },
  outliersOnly: false,
  sort: null,
};

export function AnalysisView({ job }: { job: Job }) {
  const { rows, loading, fault, reload } = useRows(job);
  const selection = useSignal(everything);
  const other = useSignal<string | null>(null);
  const all = rows.value;
  const { measures, texts } = useMemo(() => columnsOf(all), [all]);
  const measure = selection.value.measure ?? measures.find((name) => name.endsWith('.count')) ?? measures[0] ?? null;
  const statistics = useMemo(
    () => (measure === null ? null : statisticsOf(all.flatMap((row) => numberIn(row, measure) ?? []))),
    [all, measure],
  );
  const outliers = useMemo(
    () =>
      statistics && measure !== null ? all.filter((row) => isOutlier(numberIn(row, measure), statistics)).length : 0,
    [all, statistics],
  );
  const chosen = { ...selection.value, measure };
  const shown = useMemo(() => selectedRows(all, chosen, statistics), [all, selection.value, statistics]);
  const set = (changes: Partial<Selection>) => (selection.value = { ...selection.value, ...changes });
  const sort = (column: string) => {
    const { sort } = selection.value;
    set({ sort: { column, descending: sort?.column === column ? !sort.descending : false } });
  };
  const { succeeded, failed, canceled } = job.counts;
  const missing = succeeded + failed + canceled - all.length;
  return (
    <section class="analysis" aria-label="Analysis">
      {fault.value && <p class="error">{fault.value}</p>}
      {!loading.value && missing > 0 && (
        <p class="row hint" role="status">
          {counted(missing, 'image')} done since.{' '}
          <button type="button" class="quiet" onClick={reload}>
            Read again
          </button>
        </p>
      )}
      {measure !== null && statistics && (
        <div class="panel plots">
          <MeasureChoice
            measures={measures}
            measure={measure}
            other={other.value}
            onMeasure={(measure) => set({ measure, range: everything.range })}
            onOther={(name) => (other.value = name)}
          />
          <StatisticsView statistics={statistics} outliers={outliers} />
          {other.value === null ? (
            <Histogram
              rows={all}
              measure={measure}
              statistics={statistics}
              onRange={(from, to) => set({ range: { from, to: Number.isFinite(to) ? to : null } })}
            />
          ) : (
            <Scatter
              rows={all}
              x={measure}
              y={other.value}
              statistics={statistics}
              onOpen={(row: Row) => (location.hash = jobHref(job.id, row.index))}
            />
          )}
        </div>
      )}
      <Filters selection={chosen} onChange={set} outliers={outliers} />
      <p class="hint" role="status">
        {loading.value
          ? `Reading… ${numberInWords(all.length)}`
          : `${numberInWords(shown.length)} of ${counted(all.length, 'image')}`}
      </p>
      <ResultTable
        jobId={job.id}
        rows={shown}
        columns={[...measures, ...texts]}
        sort={chosen.sort}
        onSort={sort}
        measure={measure}
        statistics={statistics}
      />
    </section>
  );
}

/** Read once more when the job is done. */
function useRows(job: Job) {
  const rows = useSignal<readonly Row[]>([]);
  const loading = useSignal(true);
  const fault = useSignal('');
  const round = useSignal(0);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    loading.value = true;
    const onRows = (read: readonly Row[], done: boolean) => {
      if (done || read.length > rows.value.length) rows.value = read;
      if (done) loading.value = false;
    };
    persistently(() => readRows(job.id, onRows, signal), isPassing, signal).catch((error: unknown) => {
      if (signal.aborted) return;
      fault.value = wordsFor(error);
      loading.value = false;
    });
    return () => stop.abort();
  }, [job.id, job.finishedAt, round.value]);
  return { rows, loading, fault, reload: () => round.value++ };
}
