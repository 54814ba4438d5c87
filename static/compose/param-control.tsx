/** One parameter's control. */
import { useSignal } from '@preact/signals';
import { Icon } from '../ui/icon.tsx';
import { optionInWords } from '../ui/option-words.ts';
import { counted, numberInWords } from '../ui/words.ts';
import { NumberInput } from './number-input.tsx';
import { controlOf, type ParamSchema, sliderRange } from './param-schema.ts';

export interface ControlProps {
  id: string;
  label: string;
  schema: ParamSchema;
  value: unknown;
  /** The id of what explains it, or says what is wrong. */
  describedBy: string;
  invalid: boolean;
  /** What the operation finds by itself, where it has said. */
  found?: number | undefined;
  /** Whether a number has a slider of its own. */
  slider?: boolean;
  onChange: (value: unknown) => void;
}

export function ParamControl(props: ControlProps) {
  const control = controlOf(props.schema);
  switch (control.kind) {
    case 'switch':
      return <Switch {...props} />;
    case 'choice':
      return <Choice {...props} options={control.options} />;
    case 'number':
      return <NumberControl {...props} numeric={control.numeric} />;
    case 'automatic':
      return <Automatic {...props} word={control.word} numeric={control.numeric} />;
    case 'color':
      return <Color {...props} />;
    case 'numbers':
      return <Numbers {...props} items={control.items} />;
    case 'shapes':
      return <Shapes {...props} shape={control.shape} />;
    case 'pixel-size':
      return <PixelSize {...props} />;
    case 'json':
      return <Json {...props} />;
  }
}

function Switch({ id, label, value, describedBy, onChange }: ControlProps) {
  return (
    <label class="switch" for={id}>
      <input
        id={id}
        type="checkbox"
        checked={value === true}
        aria-describedby={describedBy}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

function Choice({ id, label, value, describedBy, options, onChange }: ControlProps & { options: (string | number)[] }) {
  return (
    <div class="labeled">
      <label for={id}>{label}</label>
      <select
        id={id}
        aria-describedby={describedBy}
        value={String(value)}
        onChange={(event) => onChange(options.find((option) => String(option) === event.currentTarget.value))}
      >
        {options.map((option) => (
          <option key={option} value={String(option)}>
            {optionInWords(option)}
          </option>
        ))}
      </select>
    </div>
  );
}

const wordsOfAutomatic: Record<string, string> = { auto: 'automatic', otsu: 'automatic, by Otsu’s method' };

interface NumericProps extends ControlProps {
  numeric: ParamSchema;
}

function NumberControl({
  id,
  label,
  schema,
  numeric,
  value,
  describedBy,
  invalid,
  slider = true,
  onChange,
}: NumericProps) {
  const number = typeof value === 'number' ? value : undefined;
  const { min, max, step } = sliderRange({ ...numeric, default: schema.default }, number ?? numeric.minimum ?? 0);
  const wrong = invalid || (number !== undefined && !fits(number, numeric));
  return (
    <>
      <div class="labeled">
        <label for={id}>{label}</label>
        <span class="number-field">
          <NumberInput
            id={id}
            value={number}
            step={step}
            min={numeric.minimum}
            max={numeric.maximum}
            placeholder={typeof schema.default === 'number' ? String(schema.default) : 'none'}
            invalid={wrong}
            describedBy={describedBy}
            onValue={onChange}
          />
          <span class="unit">{schema.unit ?? ''}</span>
        </span>
      </div>
      {slider && (
        <input
          type="range"
          aria-label={`${label}, slider`}
          min={min}
          max={max}
          step={step}
          value={number ?? min}
          onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
        />
      )}
    </>
  );
}

function fits(value: number, { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY }: ParamSchema) {
  return value >= minimum && value <= maximum;
}

function Automatic({ word, ...props }: NumericProps & { word: string }) {
  const { id, label, numeric, value, found, describedBy, onChange } = props;
  const automatic = value === word;
  const start = Math.max(numeric.minimum ?? 0, Math.min(numeric.maximum ?? 128, found ?? 128));
  return (
    <>
      <label class="switch" for={`${id}-word`}>
        <input
          id={`${id}-word`}
          type="checkbox"
          checked={automatic}
          aria-describedby={describedBy}
          onChange={(event) => onChange(event.currentTarget.checked ? word : start)}
        />
        <span>
          {label}: {wordsOfAutomatic[word] ?? word}
          {automatic && found !== undefined && ` (${numberInWords(found)})`}
        </span>
      </label>
      {!automatic && <NumberControl {...props} />}
    </>
  );
}

function Color({ id, label, value, describedBy, onChange }: ControlProps) {
  return (
    <div class="labeled">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="color"
        value={String(value)}
        aria-describedby={describedBy}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}

function Numbers({
  id,
  label,
  schema,
  value,
  items,
  describedBy,
  invalid,
  onChange,
}: ControlProps & { items: ParamSchema[] }) {
  const usual = numbersIn(schema.default) ?? items.map(({ minimum = 0 }) => minimum);
  const values = numbersIn(value) ?? usual;
  return (
    <fieldset class="labeled" aria-describedby={describedBy}>
      <legend>{label}</legend>
      <span class="row">
        {items.map(({ minimum, maximum }, index) => (
          <NumberInput
            key={index}
            id={`${id}-${index}`}
            label={`${label}, ${index + 1} of ${items.length}`}
            value={values[index]}
            min={minimum}
            max={maximum}
            placeholder={String(usual[index])}
            invalid={invalid}
            onValue={(given) => onChange(values.with(index, given ?? usual[index]))}
          />
        ))}
      </span>
    </fieldset>
  );
}

function numbersIn(value: unknown): number[] | null {
  return Array.isArray(value) ? (value as number[]) : null;
}

interface Size {
  x: number;
  y?: number;
  unit: string;
}

/** How long a pixel is: lengths are given in its unit too. Where pixels are not square, its height is kept as it was. */
function PixelSize({ id, label, value, describedBy, invalid, onChange }: ControlProps) {
  const { x, y, unit = 'µm' } = (value ?? {}) as Partial<Size>;
  const set = (length: number | undefined, per: string) =>
    onChange(length === undefined ? undefined : { x: length, ...(y !== undefined && { y }), unit: per });
  return (
    <div class="labeled">
      <label for={id}>{label}</label>
      <span class="number-field">
        <NumberInput
          id={id}
          value={x}
          min={0}
          placeholder="none"
          invalid={invalid}
          describedBy={describedBy}
          onValue={(length) => set(length, unit)}
        />
        <input
          class="unit-input"
          aria-label={`${label}, unit`}
          value={unit}
          disabled={x === undefined}
          onInput={({ currentTarget }) => set(x, currentTarget.value)}
        />
      </span>
    </div>
  );
}

/** How many shapes were drawn; as JSON, they can be typed and copied too. */
function Shapes({ shape, ...props }: ControlProps & { shape: string }) {
  const { id, label, value, onChange } = props;
  const count = Array.isArray(value) ? value.length : 0;
  return (
    <>
      <div class="row between">
        <span>
          {label}: {count === 0 ? 'none' : counted(count, shape)}
        </span>
        {count > 0 && (
          <button type="button" class="quiet" aria-label={`Remove all of ${label}`} onClick={() => onChange(undefined)}>
            <Icon name="delete" /> Remove
          </button>
        )}
      </div>
      <details>
        <summary class="hint">As JSON</summary>
        <Json {...props} id={`${id}-json`} label={`${label}, JSON`} value={count > 0 ? value : undefined} />
      </details>
    </>
  );
}

/** For what has no better control: lists of lists. */
function Json({ id, label, value, describedBy, invalid, onChange }: ControlProps) {
  // What is typed stays as it was typed while the field has the focus.
  const typed = useSignal<string | null>(null);
  const unreadable = useSignal(false);
  const read = (written: string) => {
    typed.value = written;
    try {
      const parsed = written.trim() === '' ? undefined : JSON.parse(written);
      unreadable.value = false;
      onChange(parsed);
    } catch {
      unreadable.value = true;
    }
  };
  return (
    <div class="stacked">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        rows={3}
        spellcheck={false}
        placeholder="[[0, 0], [1, 1], …]"
        aria-invalid={invalid || unreadable.value}
        aria-describedby={describedBy}
        value={typed.value ?? (value === undefined ? '' : JSON.stringify(value))}
        onBlur={() => {
          if (!unreadable.value) typed.value = null;
        }}
        onInput={(event) => read(event.currentTarget.value)}
      />
      {unreadable.value && <p class="error">This is not a list of lists yet.</p>}
    </div>
  );
}
