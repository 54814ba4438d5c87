/** Trying values of one parameter or two, on the image of the preview. */
import { catalog, titleOf } from '../api/catalog.ts';
import { Preview, type PreviewWanted } from '../preview/preview.ts';
import type { PreviewAnswer } from '../preview/worker.ts';
import { nameInWords } from '../ui/words.ts';
import { controlOf, type ParamSchema, sliderRange } from './param-schema.ts';
import type { Draft } from './state.ts';

/** A number that can be tried. */
export interface Tunable {
  /** Among all steps. */
  id: string;
  step: number;
  name: string;
  label: string;
  /** At which it is now; that of a number that is chosen automatically is unknown. */
  value: number | null;
  min: number;
  max: number;
  whole: boolean;
}

export interface Trial {
  params: { step: number; name: string; value: number }[];
  answer: PreviewAnswer | null;
}

export const maxValues = 7;

export function tunablesOf(steps: readonly Draft[]): Tunable[] {
  return steps.flatMap(({ operation, params }, step) => {
    const properties = (catalog.value?.operations.get(operation)?.params.properties ?? {}) as Record<
      string,
      ParamSchema
    >;
    return Object.entries(properties).flatMap(([name, schema]): Tunable[] => {
      const control = controlOf(schema);
      if (control.kind !== 'number' && control.kind !== 'automatic') return [];
      const now = params[name] ?? schema.default;
      const value = typeof now === 'number' ? now : null;
      const { min, max } = sliderRange({ ...control.numeric, default: schema.default }, value ?? 0);
      const label = steps.length > 1 ? `${titleOf(operation)}: ${nameInWords(name)}` : nameInWords(name);
      return [{ id: `${step}.${name}`, step, name, label, value, min, max, whole: control.numeric.type === 'integer' }];
    });
  });
}

/** What lies around the present value, within what is allowed. */
export function rangeAround({ value, min, max, whole }: Tunable): { from: number; to: number } {
  const middle = value ?? (min + max) / 2;
  const reach = Math.max(whole ? 3 : 0, Math.abs(middle) / 2 || (max - min) / 10);
  const rounded = (number: number) => (whole ? Math.round(number) : Number(number.toPrecision(3)));
  return { from: rounded(Math.max(min, middle - reach)), to: rounded(Math.min(max, middle + reach)) };
}

/** Evenly between both, each once. */
export function valuesBetween(from: number, to: number, count: number, whole: boolean): number[] {
  const values = Array.from({ length: count }, (_, i) => from + ((to - from) * i) / Math.max(1, count - 1));
  return [...new Set(values.map((value) => (whole ? Math.round(value) : Number(value.toPrecision(4)))))];
}

export function withTrial(steps: readonly Draft[], { params }: Pick<Trial, 'params'>): Draft[] {
  return steps.map((draft, index) => {
    const own = params.filter(({ step }) => step === index).map(({ name, value }) => [name, value]);
    return own.length === 0 ? draft : { ...draft, params: { ...draft.params, ...Object.fromEntries(own) } };
  });
}

/** The steps as a request has them. */
export function requestOf(steps: readonly Draft[], trial: Trial): PreviewWanted['steps'] {
  return withTrial(steps, trial).map(({ operation, params }) => ({ operation, params }));
}

/** Runs one after the other; gives what stops it. */
export function runTrials(
  wanted: PreviewWanted[],
  onAnswer: (index: number, answer: PreviewAnswer) => void,
): () => void {
  let index = 0;
  const next = () => {
    if (index < wanted.length) worker.request(wanted[index]);
    else worker.stop();
  };
  const note = (answer: PreviewAnswer) => {
    onAnswer(index++, answer);
    next();
  };
  const worker = new Preview(note, (fault) => note({ id: index, fault }));
  next();
  return () => {
    index = wanted.length;
    worker.stop();
  };
}
