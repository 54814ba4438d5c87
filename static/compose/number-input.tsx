/** A field for a number, in which whatever is typed stays as it was typed. */
import { useSignal } from '@preact/signals';

interface NumberInputProps {
  id: string;
  /** Where no element is its label. */
  label?: string;
  value: number | undefined;
  min?: number | undefined;
  max?: number | undefined;
  /** By which the arrow keys change it. */
  step?: number;
  /** Shown in the empty field: what holds then. */
  placeholder: string;
  invalid?: boolean;
  describedBy?: string;
  /** Undefined: the field was emptied. */
  onValue: (value: number | undefined) => void;
}

export function NumberInput({
  id,
  label,
  value,
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
  step = 1,
  placeholder,
  invalid = false,
  describedBy,
  onValue,
}: NumberInputProps) {
  // What is in the field while it is typed in: "1." and "-" are on the way to a number.
  const typed = useSignal<string | null>(null);
  const shown = value === undefined ? '' : String(value);
  const read = (text: string) => {
    typed.value = text;
    const number = numberIn(text);
    if (number !== null) onValue(number);
  };
  const stepBy = (by: number) => {
    typed.value = null;
    const next = Math.min(max, Math.max(min, (value ?? Math.max(0, min)) + by));
    // 0.1 + 0.2 is to be 0.3.
    onValue(Number(next.toFixed(6)));
  };
  return (
    <input
      id={id}
      class="number-input"
      type="text"
      inputMode="decimal"
      autocomplete="off"
      spellcheck={false}
      aria-label={label}
      aria-invalid={invalid || (typed.value !== null && numberIn(typed.value) === null)}
      aria-describedby={describedBy}
      placeholder={placeholder}
      value={typed.value ?? shown}
      onInput={({ currentTarget }) => read(currentTarget.value)}
      onBlur={() => (typed.value = null)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        stepBy((event.key === 'ArrowUp' ? step : -step) * (event.shiftKey ? 10 : 1));
      }}
    />
  );
}

/** A number with a point or a comma; undefined of nothing, null of what is no number yet. */
export function numberIn(text: string): number | undefined | null {
  const trimmed = text.trim().replace(',', '.').replace('−', '-');
  if (trimmed === '') return undefined;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return null;
  return Number(trimmed);
}
