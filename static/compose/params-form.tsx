/** A form made from an operation's JSON Schema; what is left at its default is not part of the request. */
import { Icon } from '../ui/icon.tsx';
import { nameInWords } from '../ui/words.ts';
import { ParamControl } from './param-control.tsx';
import type { ParamSchema } from './param-schema.ts';
import { isDefault } from './state.ts';

interface ParamsFormProps {
  /** Begins the ids of its fields. */
  id: string;
  operation: string;
  schema: Record<string, unknown>;
  params: Record<string, unknown>;
  /** What the operation says of a parameter. */
  wrong: { param: string; detail: string } | null;
  onChange: (params: Record<string, unknown>) => void;
}

export function ParamsForm({ id, operation, schema, params, wrong, onChange }: ParamsFormProps) {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, ParamSchema>);
  const set = (name: string, value: unknown) => {
    const { [name]: _, ...others } = params;
    onChange(isDefault(operation, name, value) ? others : { ...others, [name]: value });
  };
  const changed = Object.keys(params).length > 0;
  return (
    <div class="params">
      {properties.map(([name, property]) => {
        const fieldId = `${id}-${name}`;
        const error = wrong?.param === name ? wrong.detail : null;
        return (
          <div key={name} class={error ? 'param wrong' : 'param'}>
            <ParamControl
              id={fieldId}
              label={nameInWords(name)}
              schema={property}
              value={name in params ? params[name] : property.default}
              describedBy={`${fieldId}-hint`}
              invalid={error !== null}
              onChange={(value) => set(name, value)}
            />
            <p id={`${fieldId}-hint`} class={error ? 'error' : 'hint'}>
              {error ?? property.description ?? ''}
            </p>
          </div>
        );
      })}
      {properties.length === 0 && <p class="hint">There is nothing to set.</p>}
      {wrong && !properties.some(([name]) => name === wrong.param) && <p class="error">{wrong.detail}</p>}
      {changed && (
        <button type="button" class="quiet" onClick={() => onChange({})}>
          <Icon name="reset" /> Back to the defaults
        </button>
      )}
    </div>
  );
}
