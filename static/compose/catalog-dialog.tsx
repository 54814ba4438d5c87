/** All operations: searched by words, grouped, each with an example. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Operation } from '../../clients/typescript/src/index.ts';
import { catalog } from '../api/catalog.ts';
import { Icon } from '../ui/icon.tsx';
import { addStep } from './state.ts';

export function CatalogDialog({ open }: { open: Signal<boolean> }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const search = useSignal('');
  useEffect(() => {
    if (open.value) dialog.current?.showModal();
    else dialog.current?.close();
    search.value = '';
  }, [open.value]);
  const add = (name: string) => {
    addStep(name);
    open.value = false;
  };
  return (
    <dialog ref={dialog} class="catalog" aria-labelledby="catalog-title" onClose={() => (open.value = false)}>
      <div class="catalog-head">
        <h2 id="catalog-title">Add a step</h2>
        <label class="search">
          <Icon name="search" />
          <input
            type="search"
            aria-label="Search operations"
            placeholder="Search: edges, faces, count, blur…"
            value={search.value}
            onInput={(event) => (search.value = event.currentTarget.value)}
          />
        </label>
        <button type="button" class="icon-button" aria-label="Close" onClick={() => (open.value = false)}>
          <Icon name="close" />
        </button>
      </div>
      {open.value && <Found words={search.value} onAdd={add} />}
    </dialog>
  );
}

function Found({ words, onAdd }: { words: string; onAdd: (name: string) => void }) {
  const all = [...(catalog.value?.operations.values() ?? [])];
  const found = all.filter((operation) => matches(operation, words));
  const groups = Map.groupBy(found, ({ group }) => group);
  return (
    <div class="catalog-body">
      <p class="visually-hidden" role="status">
        {found.length} operations
      </p>
      {found.length === 0 && <p class="empty">Nothing fits. Try fewer words.</p>}
      {[...groups].map(([group, operations]) => (
        <section key={group} aria-label={group}>
          <h3>{group}</h3>
          <ul>
            {operations.map(({ name, title, summary }) => (
              <li key={name}>
                <button type="button" onClick={() => onAdd(name)}>
                  <img src={`examples/${name}.webp`} alt="" width="144" height="96" loading="lazy" />
                  <strong>{title}</strong>
                  <span>{summary}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function matches({ name, title, group, summary, source }: Operation, words: string): boolean {
  const text = `${name} ${title} ${group} ${summary} ${source}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
