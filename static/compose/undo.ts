/** Undo and redo for all that is put together: steps, output, images. */
import { effect, signal } from '@preact/signals';
import { images, type Picked, reference } from './images.ts';
import { type Draft, type Output, output, steps } from './state.ts';

interface Moment {
  steps: Draft[];
  output: Output;
  images: readonly Picked[];
  reference: Picked | null;
}

/** A slider that is dragged is one change. */
const oneChangeMs = 800;
const maxMoments = 200;

const past = signal<readonly Moment[]>([]);
const future = signal<readonly Moment[]>([]);
let last = now();
let changedAt = Number.NEGATIVE_INFINITY;
let restoring = false;

function now(): Moment {
  return { steps: steps.value, output: output.value, images: images.value, reference: reference.value };
}

effect(() => {
  const next = now();
  const before = last;
  last = next;
  if (restoring || isSame(before, next)) return;
  const at = performance.now();
  const goesOn = at - changedAt < oneChangeMs && onlyParams(before, next);
  changedAt = onlyParams(before, next) ? at : Number.NEGATIVE_INFINITY;
  future.value = [];
  if (!goesOn) past.value = [...past.peek(), before].slice(-maxMoments);
});

function isSame(a: Moment, b: Moment): boolean {
  return a.steps === b.steps && a.output === b.output && a.images === b.images && a.reference === b.reference;
}

/** Whether nothing but numbers have changed. */
function onlyParams(a: Moment, b: Moment): boolean {
  const sameSteps = a.steps.length === b.steps.length && a.steps.every(({ key }, index) => key === b.steps[index].key);
  return sameSteps && a.images === b.images && a.reference === b.reference;
}

export function canUndo(): boolean {
  return past.value.length > 0;
}

export function canRedo(): boolean {
  return future.value.length > 0;
}

export function undo(): void {
  const moment = past.value.at(-1);
  if (!moment) return;
  const here = now();
  past.value = past.value.slice(0, -1);
  restore(moment);
  future.value = [...future.value, here];
}

export function redo(): void {
  const moment = future.value.at(-1);
  if (!moment) return;
  const here = now();
  future.value = future.value.slice(0, -1);
  restore(moment);
  past.value = [...past.value, here];
}

function restore(moment: Moment): void {
  restoring = true;
  try {
    steps.value = moment.steps;
    output.value = moment.output;
    images.value = moment.images;
    reference.value = moment.reference;
  } finally {
    restoring = false;
    changedAt = Number.NEGATIVE_INFINITY;
  }
}

/** What was sent is not brought back. */
export function forgetChanges(): void {
  past.value = [];
  future.value = [];
}
