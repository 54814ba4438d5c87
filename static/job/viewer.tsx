/** One image: before and after, what was measured, and how long it took. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import type { Job, Task } from '../../clients/typescript/src/index.ts';
import { resultFileName } from '../../lib/http/file-names.ts';
import { moves, titleOf } from '../api/catalog.ts';
import { api, dataOf, getFile, TesseraError, wordsFor } from '../api/client.ts';
import { pause } from '../api/patience.ts';
import { tune } from '../compose/earlier.ts';
import { jobHref } from '../router.ts';
import { overlaysOn, type Size } from '../stage/overlays.ts';
import { Stage } from '../stage/stage.tsx';
import { Elapsed } from '../ui/elapsed.tsx';
import { Icon } from '../ui/icon.tsx';
import { tell } from '../ui/messages.tsx';
import { saveFile } from '../ui/save-file.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { listenForUndo } from '../ui/undo-keys.ts';
import { bytesInWords, msInWords, nameInWords } from '../ui/words.ts';
import { neighborsOf } from './gallery-place.ts';
import { leftOutOf, redoLeftOut, toggleLeftOut, undoLeftOut } from './left-out.ts';
import { LeftOutTools } from './left-out-tools.tsx';
import { MeasurementView } from './measurement-view.tsx';
import { Pages } from './pages.tsx';
import { Parameters } from './parameters.tsx';
import { isRetryable } from './retryable.ts';
import { sentUrl } from './sent-files.ts';
import { StateBadge, stateWords } from './state-badge.tsx';
import { VersionList } from './version-list.tsx';

interface ViewerProps {
  job: Job;
  index: number;
  onChange: () => void;
}

export function Viewer({ job, index, onChange }: ViewerProps) {
  const { task, fault } = useTask(`${job.id}-${index}`, job.counts.running + job.counts.queued > 0);
  const pointed = useSignal<string | null>(null);
  const now = task.value;
  const drawn = useMemo(() => (now ? drawnOver(now) : { overlays: [], size: null }), [now?.id, now?.state]);
  const several = job.total !== 1;
  const leftOut = leftOutOf(`${job.id}-${index}`);
  useEffect(() => {
    const taskId = `${job.id}-${index}`;
    return listenForUndo({ undo: () => undoLeftOut(taskId), redo: () => redoLeftOut(taskId) });
  }, [job.id, index]);
  return (
    <div class="viewer">
      {several && <Steps job={job} index={index} name={now?.input.name ?? ''} />}
      {fault.value && <p class="error panel">{fault.value}</p>}
      {!now && !fault.value && <Skeleton list="viewer-skeleton" item="panel" count={2} />}
      {now && (
        <>
          <VersionList task={now} />
          <section class="panel picture" aria-label="Picture">
            <Shown task={now} {...drawn} pointed={pointed} leftOut={leftOut} />
          </section>
          <section class="panel facts" aria-label="Facts">
            <Facts task={now} onChange={onChange} />
            <LeftOutTools taskId={now.id} count={leftOut.size} />
            {(now.measurements ?? []).map((measured, step) => (
              <MeasurementView
                key={step}
                step={step}
                title={titleOf(now.steps[step]?.operation ?? '')}
                operation={now.steps[step]?.operation ?? ''}
                fileBase={resultFileName(now).replace(/\.[^.]*$/, '')}
                measured={measured}
                pointed={pointed}
                leftOut={leftOut}
                onToggle={(row) => toggleLeftOut(now.id, row)}
              />
            ))}
            <Parameters steps={now.steps} open />
            <Times task={now} />
          </section>
        </>
      )}
    </div>
  );
}

/** The task, read again until it is done. */
function useTask(id: string, open: boolean) {
  const task = useSignal<Task | null>(null);
  const fault = useSignal('');
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const follow = async () => {
      for (let wait = 0; !signal.aborted; wait = 20) {
        try {
          const params = { path: { id }, query: { wait, urls: 1 as const } };
          const given = await dataOf(api.GET('/api/tasks/{id}', { params, signal, cache: 'no-store' }));
          task.value = given;
          fault.value = '';
          if (given.finishedAt !== null) return;
        } catch (error) {
          if (signal.aborted) return;
          if (error instanceof TesseraError && error.problem.status === 404) {
            fault.value = wordsFor(error);
            return;
          }
        }
        await pause(500, signal).catch(() => undefined);
      }
    };
    void follow();
    return () => stop.abort();
  }, [id, open]);
  return { task, fault };
}

function Steps({ job, index, name }: { job: Job; index: number; name: string }) {
  const { before, after } = neighborsOf(job.id, index, job.total ?? 1);
  // At once, so that no key is lost between two images.
  useLayoutEffect(() => {
    const go = (event: KeyboardEvent) => {
      if (event.target !== document.body && !(event.target instanceof HTMLElement && event.target.id === 'main'))
        return;
      if (event.key === 'ArrowLeft' && before !== null) location.hash = jobHref(job.id, before);
      if (event.key === 'ArrowRight' && after !== null) location.hash = jobHref(job.id, after);
      if (event.key === 'Escape') location.hash = jobHref(job.id);
    };
    document.addEventListener('keydown', go);
    return () => document.removeEventListener('keydown', go);
  }, [job.id, before, after]);
  return (
    <nav class="row viewer-head" aria-label="Images of the job">
      <a class="button" href={jobHref(job.id)}>
        <Icon name="back" /> All images
      </a>
      <h1>{name}</h1>
      <span class="row">
        {before !== null && (
          <a class="icon-button" href={jobHref(job.id, before)} aria-label="Image before">
            <Icon name="back" />
          </a>
        )}
        <span class="hint">
          {index + 1} of {job.total}
        </span>
        {after !== null && (
          <a class="icon-button" href={jobHref(job.id, after)} aria-label="Next image">
            <Icon name="forward" />
          </a>
        )}
      </span>
    </nav>
  );
}

function drawnOver({ measurements, steps, input, result }: Task): ReturnType<typeof overlaysOn> {
  return overlaysOn({
    measurements: measurements ?? [],
    steps,
    input: sizeOf(input),
    result: result && sizeOf(result),
    moves,
  });
}

function sizeOf({ width, height }: { width: number | null; height: number | null }): Size | null {
  return width === null || height === null ? null : { width, height };
}

interface ShownProps extends ReturnType<typeof overlaysOn> {
  task: Task;
  pointed: Signal<string | null>;
  leftOut: ReadonlySet<string>;
}

function Shown({ task, overlays, size, inPicture, pointed, leftOut }: ShownProps) {
  const { input, result, urls, state, error } = task;
  const name = input.name ?? 'image';
  // Before anybody has looked at it, an input may well be what browsers show.
  const before =
    sentUrl(task.id) ?? urls?.inputRendition ?? (input.contentType === null ? (urls?.input ?? null) : null);
  const after = urls?.rendition ?? null;
  if (state === 'Failed')
    return (
      <div class="empty-stage">
        <Icon name="warning" />
        <p class="error">
          <strong>{error?.title}</strong>
          <br />
          {error?.detail}
        </p>
      </div>
    );
  if (!before && !after)
    return (
      <div class="empty-stage">
        {result || task.finishedAt ? <Icon name="image" /> : <span class="spinner" aria-hidden="true" />}
        <p>
          {result
            ? 'There is no picture of this result: download it.'
            : `${stateWords[state]}. The result appears here.`}
        </p>
        {task.finishedAt === null && <Elapsed since={task.createdAt} />}
      </div>
    );
  return (
    <Stage
      before={before ?? (after as string)}
      after={before ? after : null}
      overlays={overlays}
      overlaySize={size}
      overlaysInPicture={inPicture}
      pointed={pointed}
      leftOut={leftOut}
      onPick={(row) => toggleLeftOut(task.id, row)}
      wheel
      label={name}
    />
  );
}

function Facts({ task, onChange }: { task: Task; onChange: () => void }) {
  const { id, state, result, attempts, error } = task;
  const download = () =>
    tell(async () => saveFile(await getFile(`/api/tasks/${id}/result?download=1`), resultFileName(task)));
  const retry = () =>
    tell(async () => {
      await dataOf(api.POST('/api/tasks/{id}/retry', { params: { path: { id } } }));
      onChange();
    });
  return (
    <div class="facts-head">
      <p class="row">
        <StateBadge state={state} />
        {attempts > 1 && <span class="hint">attempt {attempts}</span>}
        {task.cached && <span class="hint">taken from an earlier task that did the same</span>}
        {state === 'Queued' && error && <span class="error">{error.detail}</span>}
      </p>
      <Pages task={task} />
      {result && (
        <p class="row">
          <button type="button" class="primary" onClick={download}>
            <Icon name="download" /> Download
          </button>
          <span class="hint">
            {result.width} × {result.height}, {result.contentType.replace('image/', '').toUpperCase()},{' '}
            {bytesInWords(result.bytes)}
          </span>
        </p>
      )}
      <p class="row">
        <button type="button" onClick={() => tune(id, task)}>
          <Icon name="tune" /> Change and run again
        </button>
      </p>
      {isRetryable(task) && (
        <button type="button" onClick={retry}>
          <Icon name="retry" /> Try again
        </button>
      )}
    </div>
  );
}

function Times({ task: { timings, instance } }: { task: Task }) {
  const parts = Object.entries(timings) as [string, number][];
  if (parts.length === 0) return null;
  return (
    <details class="times">
      <summary>Times</summary>
      <dl>
        {parts.map(([name, ms]) => (
          <div key={name}>
            <dt>{nameInWords(name.replace(/Ms$/, ''))}</dt>
            <dd>{msInWords(ms)}</dd>
          </div>
        ))}
        {instance !== null && (
          <div>
            <dt>instance</dt>
            <dd>{instance}</dd>
          </div>
        )}
      </dl>
    </details>
  );
}
