/** What is being put together: images, steps, output. Steps survive a reload; files cannot. */
import { computed, effect, signal } from '@preact/signals';
import { catalog } from '../api/catalog.ts';
import type { ParamSchema } from './param-schema.ts';

export interface Draft {
  /** For the list; steps may be moved. */
  key: number;
  operation: string;
  /** Only what differs from the defaults. */
  params: Record<string, unknown>;
}

export interface Output {
  format?: string;
  quality?: number;
  chromaSubsampling?: string;
  metadata?: string;
  width?: number;
}

interface Kept {
  steps: Omit<Draft, 'key'>[];
  output: Output;
}

let lastKey = 0;
const kept = JSON.parse(sessionStorage.getItem('tessera-steps') ?? '{"steps":[],"output":{}}') as Kept;

export const steps = signal<Draft[]>(kept.steps.map((step) => ({ ...step, key: ++lastKey })));
export const output = signal<Output>(kept.output);

effect(() => {
  const { value } = steps;
  const wanted: Kept = { steps: value.map(({ operation, params }) => ({ operation, params })), output: output.value };
  sessionStorage.setItem('tessera-steps', JSON.stringify(wanted));
});

/** The steps as requests have them. */
export const wantedSteps = computed(() => steps.value.map(({ operation, params }) => ({ operation, params })));

/** What takes the second image: operations, but for those of which a parameter takes its place. */
const takers = computed(() =>
  steps.value.flatMap(({ operation: name, params }) => {
    const operation = catalog.value?.operations.get(name);
    if (!operation?.inputs.includes('reference')) return [];
    const instead = operation.referenceParam === null ? undefined : params[operation.referenceParam];
    return Array.isArray(instead) && instead.length > 0 ? [] : [operation];
  }),
);

/** Whether one of the steps takes a second image. */
export const needsReference = computed(() => takers.value.length > 0);

/** How the second image is asked for. */
export const referenceAsked = computed(() => {
  const params = new Set(takers.value.map(({ referenceParam }) => referenceParam));
  const [instead] = params.size === 1 ? params : [null];
  return instead === null ? 'Choose the second image.' : `Choose the second image, or paint the ${instead}.`;
});

/** Whether a parameter is as it would be if it were left out. */
export function isDefault(operation: string, name: string, value: unknown): boolean {
  const properties = catalog.value?.operations.get(operation)?.params.properties as Record<string, ParamSchema>;
  return value === undefined || JSON.stringify(value) === JSON.stringify(properties?.[name]?.default);
}

export function addStep(operation: string): void {
  steps.value = [...steps.value, { key: ++lastKey, operation, params: {} }];
}

/** The output that came along with steps. */
let outputTaken: Output | null = null;

export function removeStep(key: number): void {
  steps.value = steps.value.filter((step) => step.key !== key);
  if (steps.value.length > 0) return;
  // It goes with the steps that it came with.
  if (output.value === outputTaken) output.value = {};
  outputTaken = null;
}

/** The steps whose forms are closed. */
export const closedSteps = signal<ReadonlySet<number>>(new Set());

export function setClosed(keys: readonly number[], closed: boolean): void {
  const others = [...closedSteps.value].filter((key) => !keys.includes(key));
  closedSteps.value = new Set(closed ? [...others, ...keys] : others);
}

/** Takes the steps of a preset, which are right as they are: of several, the forms are closed. */
export function takePreset(preset: Parameters<typeof takeSteps>[0]): void {
  takeSteps(preset);
  if (steps.value.length > 1)
    setClosed(
      steps.value.map(({ key }) => key),
      true,
    );
}

export function setParams(key: number, params: Record<string, unknown>): void {
  steps.value = steps.value.map((step) => (step.key === key ? { ...step, params } : step));
}

/** Puts a step at another place of the list. */
export function moveStep(key: number, to: number): void {
  const others = steps.value.filter((step) => step.key !== key);
  const step = steps.value.find((step) => step.key === key);
  if (step) steps.value = others.toSpliced(Math.max(0, Math.min(to, others.length)), 0, step);
}

/** Takes over the steps and the output of a preset or a job, in place of what there is. */
export function takeSteps(wanted: { steps: { operation: string; params: Record<string, unknown> }[]; output: object }) {
  steps.value = wanted.steps.map(({ operation, params }) => ({
    key: ++lastKey,
    operation,
    params: Object.fromEntries(Object.entries(params).filter(([name, value]) => !isDefault(operation, name, value))),
  }));
  outputTaken = { ...wanted.output };
  output.value = outputTaken;
}
