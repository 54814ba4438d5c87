/** A contact sheet: the image at several values of one parameter or two, with what each measures; a click takes the best. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { fewFigures, figuresOf } from '../job/figures.ts';
import type { PreviewWanted } from '../preview/preview.ts';
import { Picture } from '../stage/picture.tsx';
import { Icon } from '../ui/icon.tsx';
import { namesInWords, numberInWords } from '../ui/words.ts';
import { numberIn } from './number-input.tsx';
import { steps } from './state.ts';
import {
  maxValues,
  rangeAround,
  requestOf,
  runTrials,
  type Trial,
  type Tunable,
  tunablesOf,
  valuesBetween,
  withTrial,
} from './sweep.ts';

/** What the preview works on. */
export type SweepImage = Pick<PreviewWanted, 'image' | 'reference' | 'scale'>;

interface Axis {
  id: string;
  from: number;
  to: number;
  count: number;
}

export function SweepDialog({ open, image }: { open: Signal<boolean>; image: SweepImage }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open.value) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open.value]);
  return (
    <dialog ref={dialog} class="sweep" aria-labelledby="sweep-title" onClose={() => (open.value = false)}>
      <div class="catalog-head">
        <h2 id="sweep-title">Try values</h2>
        <span class="spacer" />
        <button type="button" class="icon-button" aria-label="Close" onClick={() => (open.value = false)}>
          <Icon name="close" />
        </button>
      </div>
      {open.value && <Sweep image={image} onDone={() => (open.value = false)} />}
    </dialog>
  );
}

function Sweep({ image, onDone }: { image: SweepImage; onDone: () => void }) {
  const tunables = tunablesOf(steps.value);
  const axisOf = (tunable: Tunable, count: number): Axis => ({ id: tunable.id, ...rangeAround(tunable), count });
  const first = useSignal<Axis | null>(tunables[0] ? axisOf(tunables[0], 5) : null);
  const second = useSignal<Axis | null>(null);
  const trials = useSignal<readonly Trial[]>([]);
  const find = (axis: Axis | null) => tunables.find(({ id }) => id === axis?.id);
  const [across, down] = [find(first.value), find(second.value)];

  useEffect(() => {
    const axes = [
      [first.value, across],
      [second.value, down],
    ] as const;
    let wanted: Trial[] = [{ params: [], answer: null }];
    for (const [axis, tunable] of axes.toReversed()) {
      if (!axis || !tunable) continue;
      const { step, name, whole } = tunable;
      const values = valuesBetween(axis.from, axis.to, axis.count, whole);
      wanted = wanted.flatMap(({ params }) =>
        values.map((value) => ({ params: [{ step, name, value }, ...params], answer: null })),
      );
    }
    trials.value = wanted;
    const requests = wanted.map((trial) => ({ ...image, steps: requestOf(steps.value, trial) }));
    return runTrials(requests, (index, answer) => {
      trials.value = trials.value.with(index, { ...trials.value[index], answer });
    });
  }, [first.value, second.value, image.image]);

  const take = (trial: Trial) => {
    steps.value = withTrial(steps.value, trial);
    onDone();
  };
  if (!first.value) return <p class="empty">None of the steps has a number to try.</p>;
  const choose = (axis: Signal<Axis | null>, id: string, count: number) => {
    const tunable = tunables.find((candidate) => candidate.id === id);
    axis.value = tunable ? axisOf(tunable, count) : null;
  };
  const columns = valuesBetween(first.value.from, first.value.to, first.value.count, across?.whole ?? false).length;
  return (
    <div class="sweep-body">
      <div class="row sweep-axes">
        <AxisChoice
          label="Parameter"
          axis={first}
          options={tunables.filter(({ id }) => id !== second.value?.id)}
          onChoose={(id) => choose(first, id, 5)}
        />
        <AxisChoice
          label="and"
          axis={second}
          options={tunables.filter(({ id }) => id !== first.value?.id)}
          none="no other"
          onChoose={(id) => choose(second, id, 3)}
        />
      </div>
      <ol class="contact-sheet" style={{ gridTemplateColumns: `repeat(${columns}, minmax(120px, 1fr))` }}>
        {trials.value.map((trial) => (
          <TrialCard
            key={trial.params.map(({ step, name, value }) => `${step}.${name}=${value}`).join()}
            trial={trial}
            tunables={tunables}
            onTake={() => take(trial)}
          />
        ))}
      </ol>
    </div>
  );
}

interface AxisChoiceProps {
  label: string;
  axis: Signal<Axis | null>;
  options: Tunable[];
  /** What it is called where there is none. */
  none?: string;
  onChoose: (id: string) => void;
}

function AxisChoice({ label, axis, options, none, onChoose }: AxisChoiceProps) {
  const { value } = axis;
  const set = (changes: Partial<Axis>) => {
    if (axis.value) axis.value = { ...axis.value, ...changes };
  };
  const bound = (which: 'from' | 'to') =>
    value && (
      <span>
        {which}{' '}
        <BoundInput
          key={value.id}
          label={`${label}: ${which}`}
          value={value[which]}
          onValue={(number) => set({ [which]: number })}
        />
      </span>
    );
  return (
    <span class="row">
      <label>
        {label}{' '}
        <select
          aria-label={label}
          value={value?.id ?? ''}
          onChange={({ currentTarget }) => onChoose(currentTarget.value)}
        >
          {none !== undefined && <option value="">{none}</option>}
          {options.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {value && (
        <>
          {bound('from')}
          {bound('to')}
          <label>
            values{' '}
            <select
              value={String(value.count)}
              aria-label={`${label}: values`}
              onChange={({ currentTarget }) => set({ count: Number(currentTarget.value) })}
            >
              {Array.from({ length: maxValues - 1 }, (_, i) => (
                <option key={i}>{i + 2}</option>
              ))}
            </select>
          </label>
        </>
      )}
    </span>
  );
}

/** A number that counts once it is whole, as each change begins all trials anew; their answers leave alone what is being typed. */
function BoundInput({ label, value, onValue }: { label: string; value: number; onValue: (value: number) => void }) {
  const typed = useSignal<string | null>(null);
  return (
    <input
      type="text"
      inputMode="decimal"
      size={6}
      aria-label={label}
      value={typed.value ?? value}
      onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
      onChange={({ currentTarget }) => {
        const number = numberIn(currentTarget.value);
        if (typeof number === 'number') onValue(number);
        typed.value = null;
      }}
    />
  );
}

function TrialCard({ trial, tunables, onTake }: { trial: Trial; tunables: Tunable[]; onTake: () => void }) {
  const { params, answer } = trial;
  const labels = params.map(({ step, name, value }) => {
    const label = tunables.find((tunable) => tunable.step === step && tunable.name === name)?.label ?? name;
    return `${label} ${numberInWords(value)}`;
  });
  const wrong = answer?.problem?.detail ?? answer?.fault;
  const figures = figuresOf(answer?.measurements ?? []).slice(0, fewFigures);
  return (
    <li>
      <button type="button" onClick={onTake} disabled={!answer?.image}>
        <span class="trial-picture">
          {answer?.image ? (
            <Picture layer={answer.image} alt={labels.join(', ')} onSize={() => {}} />
          ) : (
            !answer && <span class="spinner" />
          )}
        </span>
        <strong>{labels.join(', ')}</strong>
        <span class={wrong ? 'error' : 'hint'}>
          {wrong
            ? namesInWords(wrong.replace(/^steps\[\d+\]\.(params\.)?/, ''))
            : figures.map(({ text }) => text).join(', ')}
        </span>
      </button>
    </li>
  );
}
