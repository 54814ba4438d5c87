/** A job: how far it is, its images, its results; of a single image at once that image. */
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Job } from '../../clients/typescript/src/index.ts';
import { AnalysisView } from '../analysis/analysis-view.tsx';
import { api, dataOf, getFile, wordsFor } from '../api/client.ts';
import { isDone, watchJob } from '../api/watch.ts';
import { tune } from '../compose/earlier.ts';
import { takeSteps } from '../compose/state.ts';
import { jobHref, tableHref } from '../router.ts';
import { Icon } from '../ui/icon.tsx';
import { say, tell } from '../ui/messages.tsx';
import { saveFile } from '../ui/save-file.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { counted, timeInWords } from '../ui/words.ts';
import { deleteJob } from './deletion.ts';
import { chainInWords } from './differences.ts';
import { Gallery } from './gallery.tsx';
import { JobProgress } from './job-progress.tsx';
import { measuredBy } from './measure-facts.ts';
import { Pace } from './pace.ts';
import { Parameters } from './parameters.tsx';
import { useRetryable } from './retryable.ts';
import { Viewer } from './viewer.tsx';

export function JobView({ id, image, table }: { id: string; image: number | null; table: boolean }) {
  const job = useSignal<Job | null>(null);
  const fault = useSignal('');
  const round = useSignal(0);
  const pace = useMemo(() => new Pace(), [id]);

  useEffect(() => {
    const stop = new AbortController();
    const onChange = (changed: Job) => {
      pace.note(changed);
      job.value = changed;
    };
    watchJob(id, onChange, stop.signal).catch((error) => {
      fault.value = wordsFor(error);
    });
    return () => stop.abort();
  }, [id, round.value]);

  if (fault.value) return <Missing text={fault.value} />;
  const now = job.value;
  if (!now) return <Skeleton list="viewer-skeleton" item="panel" count={2} />;
  const again = () => round.value++;
  if (now.total === 1) {
    return (
      <>
        <Head job={now} onChange={again} />
        <Viewer job={now} index={0} onChange={again} />
      </>
    );
  }
  if (image !== null) return <Viewer job={now} index={image} onChange={again} />;
  return (
    <>
      <Head job={now} onChange={again} />
      <JobProgress job={now} pace={pace} />
      <nav class="tabs" aria-label="Results">
        <a href={jobHref(id)} aria-current={table ? undefined : 'page'}>
          Pictures
        </a>
        <a href={tableHref(id)} aria-current={table ? 'page' : undefined}>
          Table and plots
        </a>
      </nav>
      {table ? <AnalysisView job={now} /> : <Gallery job={now} onChange={again} />}
    </>
  );
}

function Missing({ text }: { text: string }) {
  return (
    <div class="panel empty">
      <p class="error">{text}</p>
      <a class="button" href="#/jobs">
        All jobs
      </a>
    </div>
  );
}

function Head({ job, onChange }: { job: Job; onChange: () => void }) {
  const done = isDone(job);
  const path = { params: { path: { id: job.id } } };
  const mayRetry = useRetryable(job);
  const act = (action: () => Promise<unknown>, then: string) =>
    tell(async () => {
      await action();
      say(then);
      onChange();
    });
  const remove = () => {
    deleteJob(job.id);
    location.hash = '#/jobs';
  };
  const save = (format: 'zip' | 'csv' | 'objects-csv' | 'failures-csv', name: string) =>
    tell(async () => saveFile(await getFile(`/api/jobs/${job.id}/results?format=${format}`), name));
  const reuseSteps = () => {
    takeSteps(job);
    location.hash = '#/';
  };
  const title = job.name ?? (job.total === null ? 'Job' : counted(job.total, 'image'));
  const measured = measuredBy(job.steps.map(({ operation }) => operation));
  // As the names of the results.
  const fileBase = job.name ?? `${title}, ${job.steps.at(-1)?.operation}`;
  return (
    <div class="job-head">
      <div>
        <h1>{title}</h1>
        <p class="hint">
          {timeInWords(job.createdAt)} · {chainInWords(job.steps)}
        </p>
        {job.total !== 1 && <Parameters steps={job.steps} />}
      </div>
      <div class="row actions">
        {job.counts.succeeded > 0 && job.total !== 1 && (
          <button type="button" onClick={() => save('zip', `${fileBase}.zip`)}>
            <Icon name="download" /> All as ZIP
          </button>
        )}
        {job.counts.succeeded > 0 && measured.values && (
          <button type="button" onClick={() => save('csv', `${fileBase}.csv`)}>
            <Icon name="download" /> Measurements as CSV
          </button>
        )}
        {job.counts.succeeded > 0 && measured.lists && (
          <button type="button" onClick={() => save('objects-csv', `${fileBase}-objects.csv`)}>
            <Icon name="download" /> Objects as CSV
          </button>
        )}
        {job.counts.failed > 0 && (
          <button type="button" onClick={() => save('failures-csv', `${fileBase}-failures.csv`)}>
            <Icon name="download" /> Failures as CSV
          </button>
        )}
        {job.counts.failed > 0 && done && job.state === 'Completed' && mayRetry.value && (
          <button
            type="button"
            onClick={() => act(() => dataOf(api.POST('/api/jobs/{id}/retry', path)), 'What failed is tried again.')}
          >
            <Icon name="retry" /> Try failed ones again
          </button>
        )}
        {job.total !== null && job.total > 1 && (
          <button type="button" onClick={() => tune(job.id, job)}>
            <Icon name="tune" /> Change and run again
          </button>
        )}
        <button type="button" onClick={reuseSteps}>
          <Icon name="add" /> New with these steps
        </button>
        {done ? (
          <button type="button" onClick={remove}>
            <Icon name="delete" /> Delete
          </button>
        ) : (
          <button
            type="button"
            onClick={() => act(() => dataOf(api.POST('/api/jobs/{id}/cancel', path)), 'The job is being canceled.')}
          >
            <Icon name="cancel" /> Cancel
          </button>
        )}
      </div>
    </div>
  );
}
