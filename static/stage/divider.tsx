/** The line between the original, at its left, and the result: dragged, or moved by keys. */
import type { Signal } from '@preact/signals';

export function Divider({ split, frame }: { split: Signal<number>; frame: { current: HTMLDivElement | null } }) {
  const move = ({ clientX, buttons }: PointerEvent) => {
    const box = frame.current?.getBoundingClientRect();
    if (box && buttons > 0) split.value = Math.min(100, Math.max(0, ((clientX - box.left) / box.width) * 100));
  };
  const keys: Record<string, number> = { ArrowLeft: -2, ArrowRight: 2, Home: -100, End: 100 };
  return (
    <div
      class="divider"
      style={{ left: `${split.value}%` }}
      role="slider"
      tabIndex={0}
      aria-label="Between original and result"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(split.value)}
      aria-valuetext={`${Math.round(split.value)} % original`}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        event.stopPropagation();
        move(event);
      }}
      onKeyDown={(event) => {
        const by = keys[event.key];
        if (by === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        split.value = Math.min(100, Math.max(0, split.value + by));
      }}
    >
      <span class="tag before-tag">Original</span>
      <span class="handle" />
      <span class="tag after-tag">Result</span>
    </div>
  );
}
