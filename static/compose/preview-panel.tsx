/** What the steps will do to the chosen image, as the sliders move. */
import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ProblemDetails } from '../../lib/problems.ts';
import { chainOf, moves } from '../api/catalog.ts';
import { figuresOf } from '../job/figures.ts';
import { Preview } from '../preview/preview.ts';
import type { PreviewAnswer } from '../preview/worker.ts';
import { overlaysOn } from '../stage/overlays.ts';
import { Stage } from '../stage/stage.tsx';
import { Icon } from '../ui/icon.tsx';
import { msInWords, namesInWords } from '../ui/words.ts';
import { useFullFigures } from './full-figures.ts';
import { canPreview, isShownHere, previewed, reference } from './images.ts';
import { PageChoice } from './page-choice.tsx';
import { PreviewFigures } from './preview-figures.tsx';
import { isLarge, useReduced } from './reduced-image.ts';
import { needsReference, referenceAsked, steps, wantedSteps } from './state.ts';
import { SweepDialog } from './sweep-dialog.tsx';

/** What is wrong with the steps, or prevents a preview; null where nothing is. */
export const problem = signal<ProblemDetails | null>(null);
/** What the preview measured, step by step. */
export const previewMeasured = signal<readonly Record<string, unknown>[]>([]);

export function PreviewPanel() {
  const image = previewed.value;
  const compared = needsReference.value ? reference.value : null;
  const answer = useSignal<PreviewAnswer | null>(null);
  const fault = useSignal('');
  const busy = useSignal(false);
  const preview = useRef<Preview>(null);
  const detail = useSignal(false);
  const sweeping = useSignal(false);
  const reduced = useReduced(image, detail.value);
  const second = useReduced(compared ?? undefined, detail.value, null);
  const wantedNow = wantedSteps.value;

  useEffect(() => {
    preview.current = new Preview(
      (given) => {
        busy.value = false;
        problem.value = given.problem ?? null;
        fault.value = given.fault ? `There is no preview: ${given.fault}` : '';
        if (given.image) answer.value = given;
        else if (!given.problem && !given.fault) answer.value = null;
        if (given.measurements) previewMeasured.value = given.measurements;
      },
      (message) => {
        busy.value = false;
        fault.value = message;
      },
    );
    return () => {
      preview.current?.stop();
      problem.value = null;
      previewMeasured.value = [];
    };
  }, []);

  const wanted = image !== undefined && canPreview(image);
  useEffect(() => {
    if (wanted) preview.current?.warmUp();
  }, [wanted]);

  useEffect(() => {
    if (wantedNow.length === 0) {
      answer.value = null;
      problem.value = null;
      return;
    }
    const ready = reduced.value && (!needsReference.value || second.value);
    busy.value = Boolean(ready);
    preview.current?.request({
      steps: wantedNow,
      image: ready ? (reduced.value?.source ?? null) : null,
      reference: second.value?.source ?? null,
      scale: reduced.value?.scale ?? 1,
    });
  }, [wantedNow, reduced.value, second.value]);

  const wrong = problem.value;
  const isOutdated = answer.value !== null && (fault.value !== '' || (wrong !== null && !isAsked(wrong)));
  const { measurements = [], image: made = null } = answer.value ?? {};
  const figures = figuresOf(measurements);
  const whole = useFullFigures({
    image,
    second: compared,
    steps: wantedNow,
    counts: wanted && isLarge(image) && figures.some(({ counts }) => counts),
  });
  const drawn = overlaysOn({
    measurements,
    steps: wantedNow,
    input: reduced.value?.image ?? null,
    result: made,
    moves,
  });
  return (
    <section class={isOutdated ? 'panel preview is-outdated' : 'panel preview'} aria-label="Preview">
      {wanted && (reduced.value || isShownHere(image.contentType)) ? (
        <>
          <Stage
            before={reduced.value?.image ?? image.url}
            after={answer.value?.image ?? null}
            overlays={drawn.overlays}
            overlaySize={drawn.size}
            overlaysInPicture={drawn.inPicture}
            scale={reduced.value?.scale ?? 1}
            label={`Preview of ${image.path}`}
          />
          <SweepDialog
            open={sweeping}
            image={{
              image: reduced.value?.source ?? null,
              reference: second.value?.source ?? null,
              scale: reduced.value?.scale ?? 1,
            }}
          />
          <PreviewFigures figures={figures} whole={whole.value} />
          <PageChoice pages={reduced.value?.pages ?? 1} />
          <div class="row between">
            <Status
              answer={answer.value}
              busy={busy.value}
              fault={fault.value}
              scale={reduced.value?.scale ?? 1}
              detail={detail.value && isLarge(image)}
            />
            {wantedNow.length > 0 && reduced.value && (
              <button type="button" onClick={() => (sweeping.value = true)}>
                <Icon name="tune" /> Try values
              </button>
            )}
            {isLarge(image) && (
              <button
                type="button"
                aria-pressed={detail.value}
                title="Fine structures look different in a reduced image"
                onClick={() => (detail.value = !detail.value)}
              >
                The middle at full size
              </button>
            )}
          </div>
        </>
      ) : (
        <div class="empty-stage">
          <Icon name="image" />
          <p>
            {wanted
              ? 'Reading the file…'
              : image
                ? 'This browser cannot show this format. It will be processed all the same.'
                : `${chainOf(wantedNow.map(({ operation }) => operation))}: choose an image, and the preview appears here.`}
          </p>
        </div>
      )}
    </section>
  );
}

interface StatusProps {
  answer: PreviewAnswer | null;
  busy: boolean;
  fault: string;
  scale: number;
  detail: boolean;
}

function Status({ answer, busy, fault, scale, detail }: StatusProps) {
  const wrong = problem.value;
  let reduction = detail ? 'of the middle, at full size,' : '';
  if (scale < 1) reduction = `at ${Math.round(scale * 100)} % of the size`;
  let text = 'Add a step to see what it does.';
  if (wantedSteps.value.length > 0) text = needsReference.value && !reference.value ? referenceAsked.value : '';
  if (answer?.ms !== undefined) text = `Preview ${reduction} in ${msInWords(answer.ms)}`;
  return (
    <p class="status" role="status" aria-live="polite">
      {busy && <span class="spinner" aria-hidden="true" />}
      {fault || wrong ? (
        <span class={!fault && wrong && isAsked(wrong) ? '' : 'error'}>{fault || (wrong && wordsOf(wrong))}</span>
      ) : (
        <span class="hint" title={scale < 1 ? 'Lengths in pixels are scaled along.' : undefined}>
          {busy && !answer ? 'Loading the preview…' : text}
        </span>
      )}
    </p>
  );
}

function stepOf({ field }: ProblemDetails): number | null {
  const [, step] = /^steps\[(\d+)\]/.exec(String(field ?? '')) ?? [];
  return step === undefined ? null : Number(step);
}

/** Whether nothing has been set of a step: what is missing there is asked for rather than wrong. */
export function isNew(index: number): boolean {
  return Object.keys(steps.value[index]?.params ?? {}).length === 0;
}

export function isAsked(wrong: ProblemDetails): boolean {
  const step = stepOf(wrong);
  return step !== null && isNew(step);
}

/** Which step is wrong, as the list numbers them. */
export function wordsOf(wrong: ProblemDetails): string {
  const step = stepOf(wrong);
  if (step === null) return wrong.detail;
  return `Step ${step + 1}: ${namesInWords(wrong.detail.replace(/^steps\[\d+\]\.(params\.)?/, ''))}`;
}
