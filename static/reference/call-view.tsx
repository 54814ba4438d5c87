/** One call: what it takes, what it answers, how it is written, and a form to send it. */
import { useSignal } from '@preact/signals';
import { apiBase } from '../api/base.ts';
import { type ApiCall, type ApiDocument, type Parameter, resolved, type Schema, typeInWords } from './document.ts';
import { bodyOf, exampleIn, languages } from './examples.ts';
import { Text } from './text.tsx';

const key = () => localStorage.getItem('tessera-key') ?? '';

export function CallView({ call, document }: { call: ApiCall; document: ApiDocument }) {
  const { id, method, path, summary, description, parameters, bodies, answers } = call;
  return (
    <article class="panel call" id={id} aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>{summary}</h3>
      <p class="call-path">
        <span class={`method ${method.toLowerCase()}`}>{method}</span> <code>{path}</code>
      </p>
      {description && (
        <p>
          <Text text={description} />
        </p>
      )}
      {parameters.length > 0 && <Fields title="Parameters" fields={parameters} />}
      {Object.entries(bodies).map(([type, { schema }]) => (
        <Shape key={type} title={`Body: ${type}`} schema={schema} document={document} />
      ))}
      <h4>Answers</h4>
      <ul class="answers">
        {Object.entries(answers).map(([status, { description, content }]) => (
          <li key={status}>
            <code>{status}</code> <Text text={description} />
            {Number(status) < 300 &&
              Object.entries(content ?? {}).map(([type, { schema }]) => (
                <Shape key={type} title={type} schema={schema} document={document} />
              ))}
          </li>
        ))}
      </ul>
      <Examples call={call} />
      <Try call={call} />
    </article>
  );
}

function Fields({
  title,
  fields,
}: {
  title: string;
  fields: Pick<Parameter, 'name' | 'description' | 'required' | 'schema'>[];
}) {
  return (
    <>
      <h4>{title}</h4>
      <dl class="call-fields">
        {fields.map(({ name, description, required, schema }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
              {required && <span class="hint"> required</span>}
            </dt>
            <dd>
              <code>{typeInWords(schema)}</code>
              {schema.default !== undefined && <span class="hint"> default {JSON.stringify(schema.default)}</span>}
              {(description ?? schema.description) && (
                <span>
                  {' '}
                  <Text text={description ?? schema.description ?? ''} />
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Shape({ title, schema, document }: { title: string; schema: Schema; document: ApiDocument }) {
  const { schema: shape, name } = resolved(schema, document);
  const properties = Object.entries(shape.properties ?? {});
  if (properties.length === 0) return null;
  const fields = properties.map(([field, schema]) => ({
    name: field,
    schema,
    required: shape.required?.includes(field) ?? false,
  }));
  return (
    <details>
      <summary>
        {title}
        {name && `: ${name}`}
      </summary>
      <Fields title={name ?? 'Fields'} fields={fields} />
    </details>
  );
}

function Examples({ call }: { call: ApiCall }) {
  const language = useSignal<(typeof languages)[number]>('curl');
  return (
    <div class="examples">
      <div class="row" role="group" aria-label="Example in">
        {languages.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={language.value === name}
            onClick={() => (language.value = name)}
          >
            {name}
          </button>
        ))}
      </div>
      <pre tabIndex={0} role="region" aria-label={`${call.id} in ${language.value}`}>
        {exampleIn(language.value, call, apiBase || location.origin)}
      </pre>
    </div>
  );
}

/** Sends the request as it is filled in; files are for the app. */
function Try({ call }: { call: ApiCall }) {
  const { id, method, path, parameters } = call;
  const body = bodyOf(call);
  const values = useSignal<Record<string, string>>({});
  const text = useSignal(JSON.stringify(body ?? {}, null, 2));
  const answer = useSignal('');
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = (name: string) => values.value[name] ?? '';
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given(name)));
    const query = new URLSearchParams(
      parameters.flatMap(({ name, in: place }) =>
        place === 'query' && given(name) !== '' ? [[name, given(name)]] : [],
      ),
    );
    try {
      const response = await fetch(`${apiBase}${filled}${query.size > 0 ? `?${query}` : ''}`, {
        method,
        headers: {
          ...(method === 'POST' && { 'content-type': 'application/json' }),
          ...(key() !== '' && { 'x-functions-key': key() }),
        },
        ...(body && { body: text.value }),
      });
      const type = response.headers.get('content-type') ?? '';
      const shown = /json|text/.test(type) ? await response.text() : type;
      answer.value = `${response.status}\n${type.includes('json') && shown ? JSON.stringify(JSON.parse(shown), null, 2) : shown}`;
    } catch (error) {
      answer.value = `The service cannot be reached: ${error instanceof Error ? error.message : error}`;
    }
  };
  return (
    <details>
      <summary>Try it</summary>
      <form class="try" onSubmit={send}>
        {parameters.map(({ name, required = false }) => (
          <label key={name} class="field">
            {name}
            <input
              name={`${id}-${name}`}
              required={required}
              autocomplete="off"
              onInput={({ currentTarget }) => (values.value = { ...values.value, [name]: currentTarget.value })}
            />
          </label>
        ))}
        {body && (
          <label class="field">
            Body (JSON)
            <textarea rows={8} value={text.value} onInput={({ currentTarget }) => (text.value = currentTarget.value)} />
          </label>
        )}
        <button type="submit">Send</button>
        {answer.value && (
          <pre tabIndex={0} role="region" aria-label={`Answer of ${id}`}>
            {answer.value}
          </pre>
        )}
      </form>
    </details>
  );
}
