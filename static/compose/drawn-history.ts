/** What is drawn in a dialog, with an undo of its own: outside of it, all of it is one change. */
import { type ReadonlySignal, useComputed, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

export interface DrawnHistory<Value> {
  value: ReadonlySignal<Value>;
  /** Where it begins; forgets what was before. */
  reset: (value: Value) => void;
  /** From what there is now, which may be newer than what was last rendered. `goesOn`: a part of the change before, as of one gesture. */
  change: (next: (now: Value) => Value, goesOn?: boolean) => void;
  canUndo: boolean;
  canRedo: boolean;
  undo: () => void;
  redo: () => void;
}

interface Moments<Value> {
  list: readonly Value[];
  at: number;
}

export function useDrawnHistory<Value>(begin: () => Value): DrawnHistory<Value> {
  const first = useRef<Value>(null);
  first.current ??= begin();
  const moments = useSignal<Moments<Value>>({ list: [first.current], at: 0 });
  const value = useComputed(() => moments.value.list[moments.value.at]);
  const { list, at } = moments.value;
  const go = (to: number) => {
    if (to >= 0 && to < moments.value.list.length) moments.value = { ...moments.value, at: to };
  };
  return {
    value,
    reset: (first) => (moments.value = { list: [first], at: 0 }),
    change: (next, goesOn = false) => {
      const { list, at } = moments.value;
      const kept = list.slice(0, goesOn ? at : at + 1);
      moments.value = { list: [...kept, next(list[at])], at: kept.length };
    },
    canUndo: at > 0,
    canRedo: at < list.length - 1,
    undo: () => go(moments.value.at - 1),
    redo: () => go(moments.value.at + 1),
  };
}
