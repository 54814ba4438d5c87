/** The API's own OpenAPI document, for reading and trying out, in the page's own look. */
import '../styles/index.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import { apiBase } from '../api/base.ts';
import { Icon } from '../ui/icon.tsx';
import { applyTheme, cycleTheme, theme } from '../ui/theme.ts';
import { CallView } from './call-view.tsx';
import { type ApiDocument, callsOf } from './document.ts';
import { Text } from './text.tsx';

const document_ = signal<ApiDocument | null>(null);
const fault = signal('');

function Reference() {
  const document = document_.value;
  return (
    <>
      <header class="top">
        <a class="brand" href="./">
          <img src="icon.svg" alt="" width="28" height="28" /> Tessera
        </a>
        <nav aria-label="Views">
          <a href="./">Back to the app</a>
        </nav>
        <div class="tools">
          <a class="quiet" href={`${apiBase}/api/openapi.json`}>
            OpenAPI
          </a>
          <button
            type="button"
            class="icon-button"
            onClick={cycleTheme}
            aria-label={`Theme: ${theme.value}. Change`}
            title={`Theme: ${theme.value}`}
          >
            <Icon name={theme.value === 'dark' ? 'moon' : theme.value === 'light' ? 'sun' : 'contrast'} />
          </button>
        </div>
      </header>
      <main class="reference-page">
        <h1>API reference</h1>
        {fault.value && <p class="error">{fault.value}</p>}
        {!document && !fault.value && <p class="hint">Loading…</p>}
        {document && <Contents document={document} />}
      </main>
    </>
  );
}

function Contents({ document }: { document: ApiDocument }) {
  const calls = callsOf(document);
  return (
    <div class="reference-columns">
      <nav class="reference-nav" aria-label="Calls">
        {document.tags.map(({ name }) => (
          <section key={name}>
            <h2>{name}</h2>
            <ul>
              {calls
                .filter(({ tag }) => tag === name)
                .map(({ id, summary }) => (
                  <li key={id}>
                    <a href={`#${id}`}>{summary}</a>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </nav>
      <div class="reference-calls">
        {document.info.description.split('\n\n').map((paragraph) => (
          <p key={paragraph}>
            <Text text={paragraph} />
          </p>
        ))}
        {document.tags.map(({ name, description }) => (
          <section key={name} aria-label={name}>
            <h2>{name}</h2>
            <p class="hint">{description}</p>
            {calls
              .filter(({ tag }) => tag === name)
              .map((call) => (
                <CallView key={call.id} call={call} document={document} />
              ))}
          </section>
        ))}
      </div>
    </div>
  );
}

async function load(): Promise<void> {
  try {
    const response = await fetch(`${apiBase}/api/openapi.json`);
    if (!response.ok) throw new Error(`The document cannot be read (${response.status}).`);
    document_.value = await response.json();
    // The place that the address names is there only now.
    const { hash } = location;
    if (hash) requestAnimationFrame(() => document.getElementById(hash.slice(1))?.scrollIntoView());
  } catch (error) {
    fault.value = error instanceof Error ? error.message : String(error);
  }
}

applyTheme();
render(<Reference />, document.getElementById('app') as HTMLElement);
void load();
