/** One track with a handle for each end of a range: the one that is moved takes the other along. */
import { useRef } from 'preact/hooks';
import { type ParamSchema, sliderRange } from './param-schema.ts';

type End = 0 | 1;

interface PairSliderProps {
  /** Of the lower and the upper end. */
  labels: readonly [string, string];
  schemas: readonly [ParamSchema, ParamSchema];
  values: readonly [number, number];
  onChange: (values: [number, number]) => void;
}

export function PairSlider({ labels, schemas, values, onChange }: PairSliderProps) {
  const dragged = useRef<End>(0);
  const ranges = schemas.map((schema, end) => sliderRange(schema, values[end]));
  const min = Math.min(...ranges.map((range) => range.min));
  const max = Math.max(...ranges.map((range) => range.max));
  const step = Math.min(...ranges.map((range) => range.step));
  const set = (end: End, value: number) =>
    onChange(end === 0 ? [value, Math.max(value, values[1])] : [Math.min(value, values[0]), value]);
  const valueAt = ({ currentTarget, clientX }: PointerEvent) => {
    const { left, width } = (currentTarget as Element).getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (clientX - left) / width));
    return Number((min + Math.round((share * (max - min)) / step) * step).toFixed(6));
  };
  const share = (value: number) => `${(100 * (Math.min(max, Math.max(min, value)) - min)) / (max - min)}%`;
  return (
    <div
      class="pair-slider"
      style={{ '--from': share(values[0]), '--to': share(values[1]) }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const value = valueAt(event);
        // The nearer handle; where both are at one place, the one that can go there alone.
        const [low, high] = values.map((end) => Math.abs(value - end));
        dragged.current = low < high || (low === high && value < values[0]) ? 0 : 1;
        event.currentTarget.querySelectorAll('input')[dragged.current].focus();
        set(dragged.current, value);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) set(dragged.current, valueAt(event));
      }}
    >
      {([0, 1] as const).map((end) => (
        <input
          key={end}
          type="range"
          aria-label={`${labels[end]}, slider`}
          min={min}
          max={max}
          step={step}
          value={values[end]}
          onInput={({ currentTarget }) => set(end, currentTarget.valueAsNumber)}
        />
      ))}
    </div>
  );
}
