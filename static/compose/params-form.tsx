/** A form made from an operation's JSON Schema; what is left at its default is not part of the request. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Icon } from '../ui/icon.tsx';
import { nameInWords } from '../ui/words.ts';
import { PairSlider } from './pair-slider.tsx';
import { pairsIn } from './pairs.ts';
import { ParamControl } from './param-control.tsx';
import type { ParamSchema } from './param-schema.ts';
import { isDefault } from './state.ts';

/** What the operation says of a parameter. */
export interface Wrong {
  param: string;
  detail: string;
  /** Nothing has been set yet: it is asked for rather than wrong. */
  isNew: boolean;
}

interface ParamsFormProps {
  /** Begins the ids of its fields. */
  id: string;
  operation: string;
  schema: Record<string, unknown>;
  params: Record<string, unknown>;
  wrong: Wrong | null;
  /** What the preview measured in the step: where a parameter is found by itself, also its value. */
  measured: Record<string, unknown> | undefined;
  onChange: (params: Record<string, unknown>) => void;
}

/** Forms with more parameters show so many at first; those that were changed, or are asked for, are never hidden. */
const basic = 5;

export function ParamsForm({ id, operation, schema, params, wrong, measured, onChange }: ParamsFormProps) {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, ParamSchema>);
  const more = useSignal(false);
  const current = (name: string) =>
    name in params ? params[name] : properties.find(([key]) => key === name)?.[1].default;
  const schemaOf = (name: string) => properties.find(([key]) => key === name)?.[1] as ParamSchema;
  const set = (changes: Record<string, unknown>) => {
    const merged = Object.entries({ ...params, ...changes });
    onChange(Object.fromEntries(merged.filter(([name, value]) => !isDefault(operation, name, value))));
  };
  // What was once shown stays, or a field would go while it is emptied to be typed anew.
  const seen = useRef(new Set<string>());
  for (const name of Object.keys(params)) seen.current.add(name);
  if (wrong) seen.current.add(wrong.param);
  const pairs = pairsIn(Object.fromEntries(properties));
  // A pixel has a size in few images, and it is known in most of those.
  const first = properties
    .filter(([, property]) => !property.properties)
    .slice(0, basic)
    .map(([name]) => name);
  const isBasic = (name: string) => properties.length <= basic + 1 || first.includes(name) || seen.current.has(name);
  // The two ends of a range are not parted.
  const isRare = (name: string) => !(pairs.get(name) ?? [name]).some(isBasic);
  const rare = properties.filter(([name]) => isRare(name)).length;
  const changed = Object.keys(params).length > 0;
  return (
    <div class="params">
      {properties.map(([name, property]) => {
        const fieldId = `${id}-${name}`;
        const said = wrong?.param === name ? wrong : null;
        const error = said && !said.isNew;
        const found = measured?.[name];
        const pair = pairs.get(name);
        const ends = pair?.map((end) => current(end)) ?? [];
        const isRange = ends.every((end) => typeof end === 'number') && ends.length === 2;
        return (
          <div key={name} class={error ? 'param wrong' : 'param'} hidden={isRare(name) && !more.value}>
            <ParamControl
              id={fieldId}
              label={nameInWords(name)}
              schema={property}
              value={current(name)}
              found={typeof found === 'number' && property.unit !== 'px' ? found : undefined}
              describedBy={`${fieldId}-hint`}
              invalid={error === true}
              slider={!isRange}
              onChange={(value) => set({ [name]: value })}
            />
            {pair && isRange && name === pair[1] && (
              <PairSlider
                labels={[nameInWords(pair[0]), nameInWords(pair[1])]}
                schemas={[schemaOf(pair[0]), schemaOf(pair[1])]}
                values={ends as [number, number]}
                onChange={([low, high]) => set({ [pair[0]]: low, [pair[1]]: high })}
              />
            )}
            <p id={`${fieldId}-hint`} class={error ? 'error' : said ? 'asked' : 'hint'}>
              {said?.detail ?? property.description ?? ''}
            </p>
          </div>
        );
      })}
      {properties.length === 0 && <p class="hint">There is nothing to set.</p>}
      {wrong && !properties.some(([name]) => name === wrong.param) && <p class="error">{wrong.detail}</p>}
      <div class="row">
        {rare > 0 && (
          <button type="button" class="quiet" aria-expanded={more.value} onClick={() => (more.value = !more.value)}>
            <Icon name={more.value ? 'up' : 'down'} /> {more.value ? 'Fewer' : `${rare} more`} parameters
          </button>
        )}
        {changed && (
          <button type="button" class="quiet" onClick={() => onChange({})}>
            <Icon name="reset" /> Back to the defaults
          </button>
        )}
      </div>
    </div>
  );
}
