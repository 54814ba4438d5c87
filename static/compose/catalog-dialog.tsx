/** All operations and presets: searched by words, walked through by keys, grouped, each with an example. */
import { type Signal, signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Operation, Preset } from '../../clients/typescript/src/index.ts';
import { catalog, chainOf } from '../api/catalog.ts';
import { Icon } from '../ui/icon.tsx';
import { focusLater } from './focus.ts';
import { recent, used } from './recent.ts';
import { fit } from './search.ts';
import { addStep, steps, takePreset } from './state.ts';

/** Whether it is open. */
export const catalogOpen = signal(false);

export function CatalogDialog() {
  const open = catalogOpen;
  const dialog = useRef<HTMLDialogElement>(null);
  const search = useSignal('');
  // Before anything is painted, so that no key is lost that is typed at once.
  useLayoutEffect(() => {
    if (open.value) dialog.current?.showModal();
    else dialog.current?.close();
    search.value = '';
  }, [open.value]);
  const add = (entry: Entry) => {
    if (entry.preset) takePreset(entry.preset);
    else addStep(entry.name);
    used(entry.name);
    open.value = false;
    const last = steps.value.at(-1);
    if (last) focusLater(`step-${last.key}-title`);
  };
  return (
    <dialog ref={dialog} class="catalog" aria-labelledby="catalog-title" onClose={() => (open.value = false)}>
      {open.value && <Catalog search={search} onAdd={add} onClose={() => (open.value = false)} />}
    </dialog>
  );
}

interface Entry {
  name: string;
  title: string;
  summary: string;
  group: string;
  /** Of an operation: whether it needs a second image. */
  two: boolean;
  slow: boolean;
  preset: Preset | null;
  fit: number;
}

interface CatalogProps {
  search: Signal<string>;
  onAdd: (entry: Entry) => void;
  onClose: () => void;
}

function Catalog({ search, onAdd, onClose }: CatalogProps) {
  const body = useRef<HTMLDivElement>(null);
  const groups = groupsFor(search.value);
  const found = groups.flatMap(({ entries }) => entries);
  const buttons = () => [...(body.current?.querySelectorAll<HTMLButtonElement>('li button') ?? [])];
  const onSearchKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && found[0] && search.value.trim() !== '') {
      event.preventDefault();
      onAdd(found[0]);
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      buttons()[0]?.focus();
    }
  };
  const onKey = (event: KeyboardEvent) => {
    const all = buttons();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const next = at < 0 ? undefined : neighbor(all, at, event.key);
    if (next === undefined) return;
    event.preventDefault();
    (next ?? document.getElementById('catalog-search'))?.focus();
  };
  return (
    <>
      <div class="catalog-head">
        <h2 id="catalog-title">Add a step</h2>
        <label class="search">
          <Icon name="search" />
          <input
            id="catalog-search"
            type="search"
            aria-label="Search operations"
            placeholder="Search: count, edges, blur faces, scan…"
            value={search.value}
            onInput={(event) => (search.value = event.currentTarget.value)}
            onKeyDown={onSearchKey}
          />
        </label>
        <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div class="catalog-body" ref={body} onKeyDown={onKey}>
        <p class="visually-hidden" role="status">
          {found.length} found
        </p>
        {found.length === 0 && <p class="empty">Nothing fits. Try fewer words.</p>}
        {groups.map(({ group, entries }) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <ul>
              {entries.map((entry) => (
                <li key={entry.name}>
                  <EntryButton entry={entry} onAdd={() => onAdd(entry)} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

function EntryButton({
  entry: { name, title, summary, two, slow, preset },
  onAdd,
}: {
  entry: Entry;
  onAdd: () => void;
}) {
  const picture = preset ? preset.steps.at(0)?.operation : name;
  return (
    <button type="button" onClick={onAdd}>
      <img src={`examples/${picture}.webp`} alt="" width="144" height="96" loading="lazy" />
      <strong>{title}</strong>
      <span>{summary}</span>
      {preset && <span class="tags">{chainOf(preset.steps.map(({ operation }) => operation))}</span>}
      {(two || slow) && (
        <span class="tags">
          {two && <em>two images</em>}
          {slow && <em>slow on large images</em>}
        </span>
      )}
    </button>
  );
}

/** Without words: what was used last, then all by group. With words: the best first. */
function groupsFor(words: string): { group: string; entries: Entry[] }[] {
  const all = entriesFor(words).filter((entry) => entry.fit > 0);
  if (words.trim() !== '') {
    const found = all.toSorted((a, b) => b.fit - a.fit);
    return found.length === 0 ? [] : [{ group: 'best fit first', entries: found }];
  }
  const operations = all.filter(({ preset }) => !preset);
  const last = recent.value.flatMap((name) => operations.find((entry) => entry.name === name) ?? []);
  const groups = [...Map.groupBy(operations, ({ group }) => group)].map(([group, entries]) => ({ group, entries }));
  return last.length === 0 ? groups : [{ group: 'used last', entries: last }, ...groups];
}

function entriesFor(words: string): Entry[] {
  const { operations, presets } = catalog.value ?? { operations: new Map<string, Operation>(), presets: [] };
  const single = [...operations.values()].map((operation): Entry => {
    const { name, title, summary, group, inputs } = operation;
    const slow = /\bslow\b/i.test(summary);
    const two = inputs.includes('reference');
    return { name, title, summary, group, two, slow, preset: null, fit: fit(operation, name, words) };
  });
  // A preset takes the place of all steps: it is offered while there are none.
  const chains = steps.value.length > 0 ? [] : presets;
  const whole = chains.map((preset): Entry => {
    const { name, title, summary } = preset;
    const key = `preset:${name}`;
    return {
      name: key,
      title,
      summary,
      group: 'presets',
      two: false,
      slow: false,
      preset,
      fit: fit(preset, key, words),
    };
  });
  return [...whole, ...single];
}

/** The button at the side that a key points to; null: above the first row; undefined: no such key. */
function neighbor(all: readonly HTMLButtonElement[], at: number, key: string): HTMLButtonElement | null | undefined {
  if (key === 'ArrowRight') return all[Math.min(all.length - 1, at + 1)];
  if (key === 'ArrowLeft') return all[Math.max(0, at - 1)];
  if (key === 'Home') return all[0];
  if (key === 'End') return all[all.length - 1];
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return undefined;
  const here = all[at].getBoundingClientRect();
  const down = key === 'ArrowDown';
  const beyond = all
    .map((button) => ({ button, box: button.getBoundingClientRect() }))
    .filter(({ box }) => (down ? box.top >= here.bottom - 1 : box.bottom <= here.top + 1));
  if (beyond.length === 0) return down ? all[at] : null;
  const distance = ({ box }: { box: DOMRect }) => Math.abs(box.top - here.top) * 10 + Math.abs(box.left - here.left);
  return beyond.reduce((a, b) => (distance(b) < distance(a) ? b : a)).button;
}
