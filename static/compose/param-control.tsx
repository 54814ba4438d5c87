/** One parameter's control. */
import { useSignal } from '@preact/signals';
import { controlOf, type ParamSchema, sliderRange } from './param-schema.ts';

export interface ControlProps {
  id: string;
  label: string;
  schema: ParamSchema;
  value: unknown;
  /** The id of what explains it, or says what is wrong. */
  describedBy: string;
  invalid: boolean;
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
            {String(option).replaceAll('-', ' ')}
          </option>
        ))}
      </select>
    </div>
  );
}

interface NumericProps extends ControlProps {
  numeric: ParamSchema;
}

function NumberControl({ id, label, schema, numeric, value, describedBy, invalid, onChange }: NumericProps) {
  const number = typeof value === 'number' ? value : undefined;
  const { min, max, step } = sliderRange({ ...numeric, default: schema.default }, number ?? numeric.minimum ?? 0);
  const wrong = invalid || (number !== undefined && !fits(number, numeric));
  return (
    <>
      <div class="labeled">
        <label for={id}>{label}</label>
        <span class="number-field">
          <input
            id={id}
            type="number"
            inputMode="decimal"
            min={numeric.minimum}
            max={numeric.maximum}
            step={numeric.type === 'integer' ? 1 : 'any'}
            value={number ?? ''}
            placeholder="none"
            aria-invalid={wrong}
            aria-describedby={describedBy}
            onInput={({ currentTarget: { value: text, valueAsNumber } }) =>
              onChange(text === '' ? undefined : valueAsNumber)
            }
          />
          <span class="unit">{schema.unit ?? ''}</span>
        </span>
      </div>
      <input
        type="range"
        aria-label={`${label}, slider`}
        min={min}
        max={max}
        step={step}
        value={number ?? min}
        onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
      />
    </>
  );
}

function fits(value: number, { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY }: ParamSchema) {
  return value >= minimum && value <= maximum;
}

function Automatic({ word, ...props }: NumericProps & { word: string }) {
  const { id, label, numeric, value, describedBy, onChange } = props;
  const automatic = value === word;
  const start = Math.max(numeric.minimum ?? 0, Math.min(numeric.maximum ?? 128, 128));
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
          {label}: {word}
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

function Numbers({ id, label, value, items, describedBy, invalid, onChange }: ControlProps & { items: ParamSchema[] }) {
  const values = Array.isArray(value) ? (value as number[]) : items.map(({ minimum = 0 }) => minimum);
  return (
    <fieldset class="labeled" aria-describedby={describedBy}>
      <legend>{label}</legend>
      <span class="row">
        {items.map(({ minimum, maximum }, index) => (
          <input
            key={index}
            id={`${id}-${index}`}
            type="number"
            aria-label={`${label}, ${index + 1} of ${items.length}`}
            aria-invalid={invalid}
            min={minimum}
            max={maximum}
            value={values[index]}
            onInput={({ currentTarget }) => onChange(values.with(index, currentTarget.valueAsNumber))}
          />
        ))}
      </span>
    </fieldset>
  );
}

/** For what has no better control: lists of lists. */
function Json({ id, label, value, describedBy, invalid, onChange }: ControlProps) {
  const text = useSignal(value === undefined ? '' : JSON.stringify(value));
  const unreadable = useSignal(false);
  const read = (written: string) => {
    text.value = written;
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
        value={text.value}
        onInput={(event) => read(event.currentTarget.value)}
      />
      {unreadable.value && <p class="error">This is not a list of lists yet.</p>}
    </div>
  );
}
