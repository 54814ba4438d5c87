import type { Job } from '../../clients/typescript/src/index.ts';
import { isDone } from '../api/watch.ts';
import { counted, numberInWords, secondsInWords } from '../ui/words.ts';
import type { Pace } from './pace.ts';

const parts = [
  { name: 'succeeded', words: 'done' },
  { name: 'failed', words: 'failed' },
  { name: 'canceled', words: 'canceled' },
  { name: 'running', words: 'running' },
  { name: 'queued', words: 'waiting' },
] as const;

export function JobProgress({ job, pace }: { job: Job; pace: Pace }) {
  const { counts, total } = job;
  const left = counts.queued + counts.running;
  const rate = pace.perSecond;
  return (
    <section class="panel job-progress" aria-label="Progress">
      <ProgressBar job={job} />
      <dl>
        {parts.map(({ name, words }) => (
          <div
            key={name}
            class={`count ${name}`}
            hidden={counts[name] === 0 && (name === 'canceled' || name === 'failed')}
          >
            <dt>{words}</dt>
            <dd>{numberInWords(counts[name])}</dd>
          </div>
        ))}
      </dl>
      <p class="hint" role="status">
        {total === null
          ? 'The images are being listed…'
          : isDone(job)
            ? endOf(job)
            : rate === null
              ? `${counted(left, 'image')} to go`
              : `${rate >= 10 ? Math.round(rate) : rate.toFixed(1)} a second, ${secondsInWords(left / rate)} left`}
      </p>
    </section>
  );
}

export function ProgressBar({ job: { counts, total } }: { job: Job }) {
  const ended = counts.succeeded + counts.failed + counts.canceled;
  return (
    <div
      class="bar"
      role="progressbar"
      aria-label="Done"
      aria-valuemin={0}
      aria-valuemax={total ?? undefined}
      aria-valuenow={ended}
      aria-valuetext={`${ended} of ${total ?? 'an unknown number'}`}
    >
      {parts.map(({ name }) => (
        <span key={name} class={name} style={{ flexGrow: counts[name] }} hidden={counts[name] === 0} />
      ))}
    </div>
  );
}

function endOf({ state, error, createdAt, finishedAt, counts }: Job): string {
  if (state === 'Failed') return error?.detail ?? 'The job failed.';
  if (state === 'Canceled') return 'Canceled.';
  const took = finishedAt ? ` in ${secondsInWords((Date.parse(finishedAt) - Date.parse(createdAt)) / 1000)}` : '';
  return counts.failed > 0 ? `Finished${took}; ${counted(counts.failed, 'image')} failed.` : `All done${took}.`;
}
