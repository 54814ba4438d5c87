/** All jobs of the caller, newest first. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Job } from '../clients/typescript/src/index.ts';
import { api, dataOf, wordsFor } from './api/client.ts';
import { pause } from './api/patience.ts';
import { isDone } from './api/watch.ts';
import { deletedJobs } from './job/deletion.ts';
import { chainInWords } from './job/differences.ts';
import { ProgressBar } from './job/job-progress.tsx';
import { StateBadge } from './job/state-badge.tsx';
import { jobHref } from './router.ts';
import { tell } from './ui/messages.tsx';
import { Skeleton } from './ui/skeleton.tsx';
import { counted, timeInWords } from './ui/words.ts';

const againMs = 3000;

export function History() {
  const jobs = useSignal<readonly Job[] | null>(null);
  const next = useSignal<string | null>(null);
  const fault = useSignal('');

  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const follow = async () => {
      while (!signal.aborted) {
        try {
          const page = await dataOf(api.GET('/api/jobs', { params: { query: {} }, signal }));
          fault.value = '';
          const known = new Set(page.jobs.map(({ id }) => id));
          const older = (jobs.value ?? []).slice(page.jobs.length).filter(({ id }) => !known.has(id));
          if (jobs.value === null || older.length === 0) next.value = page.next;
          jobs.value = [...page.jobs, ...older];
          // Nothing moves: nothing needs to be asked again.
          if (page.jobs.every(isDone)) return;
        } catch (error) {
          if (!signal.aborted) fault.value = wordsFor(error);
        }
        await pause(againMs, signal).catch(() => undefined);
      }
    };
    void follow();
    return () => stop.abort();
  }, []);

  const more = () =>
    tell(async () => {
      const query = next.value === null ? {} : { continuation: next.value };
      const page = await dataOf(api.GET('/api/jobs', { params: { query } }));
      jobs.value = [...(jobs.value ?? []), ...page.jobs];
      next.value = page.next;
    });

  const shown = jobs.value?.filter(({ id }) => !deletedJobs.value.has(id));
  return (
    <>
      <h1>Jobs</h1>
      {fault.value && <p class="error">{fault.value}</p>}
      {jobs.value === null && !fault.value && <Skeleton list="jobs" item="panel" count={5} />}
      {shown?.length === 0 && (
        <div class="panel empty">
          <p>There are no jobs yet.</p>
          <a class="button primary" href="#/">
            Process images
          </a>
        </div>
      )}
      <ul class="jobs">
        {shown?.map((job) => (
          <li key={job.id} class="panel">
            <a href={jobHref(job.id)}>
              <span class="job-name">
                <strong>{job.name ?? counted(job.total ?? 0, 'image')}</strong>
                <span class="hint">{chainInWords(job.steps)}</span>
              </span>
              <span class="job-state">
                <ProgressBar job={job} />
                <span class="hint">
                  {counted(job.total ?? 0, 'image')}
                  {job.counts.failed > 0 ? `, ${job.counts.failed} failed` : ''}
                </span>
              </span>
              <StateBadge state={job.state} />
              <time class="hint" dateTime={job.createdAt}>
                {timeInWords(job.createdAt)}
              </time>
            </a>
          </li>
        ))}
      </ul>
      {next.value !== null && (
        <button type="button" onClick={more}>
          Older ones
        </button>
      )}
    </>
  );
}
